import assert from 'node:assert/strict';
import type { Locator } from 'playwright-core';
import type { Journey } from './browser-journey.js';

/** By the menus to a user's page, with its search. */
export async function openUser(operator: Journey, name: string): Promise<void> {
  await operator.open('/');
  await operator.follow('System');
  await operator.page.getByLabel('Search').fill(name);
  await operator.press('Show');
  await operator.followOnPage(name);
  assert.match(await operator.text(), new RegExp(`User ${name}`));
}

/** The checkbox 2FA of a user's page. */
export function tick(operator: Journey): Locator {
  return operator.page.getByRole('checkbox', { name: '2FA' });
}
