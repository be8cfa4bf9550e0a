import assert from 'node:assert/strict';
import type { Page } from 'playwright-core';
import { screenshot } from '../support/browser.js';
import { chooseMode } from './factor.js';
import { liveTest } from './live-test.js';
import { account } from './settings.js';
import { logIn, openSettings, SAVE } from './shell.js';

const who = () => account('client');

/** What somebody does who does not know that his session is over. */
const ACTS: Readonly<Record<string, (page: Page) => Promise<void>>> = {
  'clicks a menu entry': (page) => page.click('#sidebar #user_settings a'),
  'presses Save': (page) => page.click(SAVE),
  'changes the module': (page) => page.click('#main-navigation a[data-capp="mail"]'),
  'chooses 2FA': (page) => chooseMode(page, '2FA'),
  'reloads the page': async (page) => void (await page.reload()),
};

for (const [act, run] of Object.entries(ACTS)) {
  liveTest(`whose session is over and who ${act} is led to the login page`, ['client'], async (live) => {
    const page = await live.newPage();
    await logIn(page, live.url, who());
    await openSettings(page, who());
    const tab = await page.context().newPage();
    await tab.goto(`${live.url}/login/logout.php?l=1`);
    await tab.close();
    await run(page);
    await page.waitForURL(/\/login\/$/);
    assert.equal(await page.locator('#pageContent').count(), 0, 'no login page inside the shell');
    await screenshot(page, `expired ${act}`);
  });
}
