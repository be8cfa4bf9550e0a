import type { Page } from 'playwright-core';
import { openPage, withoutPoll } from '../../support/ispconfig/shell-steps.js';
import { behindGateway } from './setup.js';

export const ALERT = '#twofa [role=alert]';
/** The green button of a form of the panel. */
export const SAVE = '.tab-content button.formbutton-success';

/** As `behindGateway`, for browsers. */
export async function behindShell() {
  const setup = await behindGateway();
  withoutPoll(setup.panel);
  return setup;
}

export const openSettings = (page: Page) => openPage(page, 'tools', 'user_settings');

/** As somebody chooses in a list that the shell has made of a select. */
export async function choose(page: Page, select: string, text: string): Promise<void> {
  await page.click(`#s2id_${select} .select2-choice`);
  await page.click(`.select2-drop-active li:has-text("${text}")`);
}

export async function type(page: Page, field: string, text: string): Promise<void> {
  await page.click(field);
  await page.fill(field, text);
}

export async function keyOf(page: Page): Promise<string> {
  return ((await page.textContent('.twofa-data code')) ?? '').replaceAll(' ', '');
}

/** The posts to the panel's own pages from now on. */
export function postsOf(page: Page): string[] {
  const posts: string[] = [];
  page.on('request', (request) => {
    if (request.method() === 'POST') posts.push(new URL(request.url()).pathname);
  });
  return posts;
}
