import assert from 'node:assert/strict';
import type { Page } from 'playwright-core';
import { screenshot } from '../support/browser.js';
import { chooseMode } from './factor.js';
import { liveTest } from './live-test.js';
import { account } from './settings.js';
import { logIn, openSettings, SAVE } from './shell.js';

const who = () => account('client');

/** What somebody does who does not know that his session is over; what he sends to us is told to be lost. */
const ACTS: readonly (readonly [act: string, run: (page: Page) => Promise<void>, isTold: boolean])[] = [
  ['clicks a menu entry', (page) => page.click('#sidebar #user_settings a'), false],
  ['presses Save', (page) => page.click(SAVE), true],
  ['changes the module', (page) => page.click('#main-navigation a[data-capp="mail"]'), false],
  ['chooses 2FA', (page) => chooseMode(page, '2FA'), true],
  ['reloads the page', async (page) => void (await page.reload()), false],
];

for (const [act, run, isTold] of ACTS) {
  liveTest(`whose session is over and who ${act} is led to the login page`, ['client'], async (live) => {
    const page = await live.newPage();
    await logIn(page, live.url, who());
    await openSettings(page, who());
    const tab = await page.context().newPage();
    await tab.goto(`${live.url}/login/logout.php?l=1`);
    await tab.close();
    await run(page);
    await page.waitForURL(isTold ? /\/login\/\?twofa=ended$/ : /\/login\/$/);
    assert.equal(await page.getByText(/Your session has ended/).count(), isTold ? 1 : 0);
    assert.equal(await page.locator('#pageContent').count(), 0, 'no login page inside the shell');
    await screenshot(page, `expired ${act}`);
  });
}
