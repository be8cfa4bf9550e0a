import assert from 'node:assert/strict';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import type { Page } from 'playwright-core';
import { screenshot } from '../support/browser.js';
import { enterCode, turnOff, turnOn } from './factor.js';
import { liveTest } from './live-test.js';
import { account, settings } from './settings.js';
import {
  choose,
  enterPassword,
  inShell,
  logIn,
  logOut,
  openEntry,
  openModule,
  save,
  settled,
} from './shell.js';

const NAME = "the panel's own e-mail code comes before ours";

if (!settings.mailFolder) test(NAME, { skip: 'LIVE_MAIL_FOLDER not given' }, () => undefined);
else {
  const folder = settings.mailFolder;
  liveTest(NAME, ['admin', 'client'], async (live) => {
    const [admin, client] = [account('admin'), account('client')];
    const [page, adminPage] = [await live.newPage(), await live.newPage()];
    await logIn(page, live.url, client);
    const { phone } = await turnOn(page, client);
    await logOut(page);
    await logIn(adminPage, live.url, admin);
    await setOwnCode(adminPage, client.name, 'email');
    try {
      await enterPassword(page, live.url, client);
      await page.waitForURL(/\/login\/otp\.php/);
      await screenshot(page, 'email 80 code of the panel');
      const refused = await page.request.get(`${live.url}/2fa/login`, { maxRedirects: 0 });
      assert.match(refused.headers().location ?? '', /\/login\/otp\.php/);
      await page.fill('[name=code]', await newestCode(folder));
      await Promise.all([page.waitForEvent('load'), page.click('[type=submit]')]);
      await screenshot(page, 'email 81 our code');
      await enterCode(page, await phone.next());
      await inShell(page);
    } finally {
      await setOwnCode(adminPage, client.name, 'none');
    }
    await turnOff(page, client);
  });
}

/** Sets the panel's own second step of a user, as an admin in CP Users. */
async function setOwnCode(page: Page, name: string, kind: 'email' | 'none'): Promise<void> {
  await openModule(page, 'admin');
  await openEntry(page, 'user_list');
  await page.click(`#pageContent a[data-load-content^="admin/users_edit.php"]:text-is("${name}")`);
  await page.waitForSelector('#otp_type', { state: 'attached' });
  await settled(page);
  await choose(page, 'otp_type', kind);
  await save(page);
}

async function newestCode(folder: string): Promise<string> {
  await new Promise((resolve) => setTimeout(resolve, 1_000));
  const [newest] = readdirSync(folder)
    .map((name) => join(folder, name))
    .sort((a, b) => statSync(b).mtimeMs - statSync(a).mtimeMs);
  const codes = newest && readFileSync(newest, 'utf8').match(/\b\d{6}\b/g);
  if (!codes) throw new Error('No mail with a code');
  return codes.at(-1) as string;
}
