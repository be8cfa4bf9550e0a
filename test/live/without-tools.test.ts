import assert from 'node:assert/strict';
import { screenshot } from '../support/browser.js';
import { chooseMode, enterCode, register, scan } from './factor.js';
import { liveTest } from './live-test.js';
import { account } from './settings.js';
import { enterPassword, inShell, logIn, logOut, textOf } from './shell.js';

liveTest(
  'a client without the Tools module finds a page of ours in the side menu',
  ['client without Tools'],
  async (live) => {
    const who = account('client without Tools');
    const page = await live.newPage();
    await logIn(page, live.url, who);
    await screenshot(page, 'without tools 70 menu');
    const toPage = async () => {
      await page.click('#sidebar a[href="/2fa/settings"]');
      await page.waitForSelector('#twofa');
    };
    const toShell = async () => {
      await page.goto(`${live.url}/index.php`);
      await inShell(page);
    };
    await toPage();
    await screenshot(page, 'without tools 71 page');
    const phone = await scan(page);
    await screenshot(page, 'without tools 72 qr code');
    await register(page, who, phone);
    await screenshot(page, 'without tools 73 recovery codes');
    await page.click('button.twofa-save');
    await page.waitForSelector('#twofa[data-twofa-state=active]');
    await screenshot(page, 'without tools 74 active');
    await toShell();
    await logOut(page);
    await enterPassword(page, live.url, who);
    await enterCode(page, await phone.next());
    await inShell(page);
    await toPage();
    await chooseMode(page, 'none');
    await page.fill('#twofa-off-password', who.password);
    await page.fill('#twofa-off-confirm', 'another');
    await page.click('button.twofa-save');
    await page.waitForSelector('[role=alert]');
    await screenshot(page, 'without tools 75 entries differ');
    assert.match(await textOf(page, '[role=alert]'), /do not match/);
    await page.fill('#twofa-off-password', who.password);
    await page.fill('#twofa-off-confirm', who.password);
    await page.click('button.twofa-save');
    await page.waitForSelector('#twofa[data-twofa-state=off]');
    await toShell();
    await logOut(page);
    await logIn(page, live.url, who);
  },
);
