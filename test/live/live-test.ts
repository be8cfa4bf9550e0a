import { test } from 'node:test';
import { type BrowserTest, browserTest } from '../support/browser.js';
import { gatewayUrl } from './gateway.js';
import { missing, type Role } from './settings.js';

/** A test in Chromium for accounts of these roles; said to be not run when one of them is not given. */
export function liveTest(
  name: string,
  roles: readonly Role[],
  body: (context: BrowserTest & { readonly url: string }) => Promise<void>,
): void {
  const why = missing(...roles);
  if (why) test(name, { skip: why }, () => undefined);
  else browserTest(name, async (context) => body({ ...context, url: await gatewayUrl() }));
}
