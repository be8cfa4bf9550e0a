import assert from 'node:assert/strict';
import type { Page } from 'playwright-core';
import { problemsOf, screenshot } from '../support/browser.js';
import { code } from '../support/oathtool.js';
import { enterCode, register, scan, turnOff, turnOn } from './factor.js';
import { liveTest } from './live-test.js';
import { PanelPosts } from './panel-posts.js';
import { account, type LiveAccount } from './settings.js';
import {
  choose,
  enterPassword,
  inShell,
  logIn,
  logOut,
  openSettings,
  save,
  shownIn,
  textOf,
  type,
} from './shell.js';

liveTest(
  "the panel's own TOTP and 2FA side by side: from one to the other and back",
  ['client'],
  async (live) => {
    const who = account('client');
    const page = await live.newPage();
    const posts = new PanelPosts(page);
    await logIn(page, live.url, who);
    await openSettings(page, who);
    if ((await page.locator('#otp_type option[value="totp"]').count()) === 0)
      return live.t.skip('this panel has no TOTP of its own');
    const { phone } = await turnOn(page, who);

    await openSettings(page, who);
    await chooseTotp(page, who);
    await page.fill('#totp_verification_code', phone.wrong());
    await screenshot(page, 'totp 90 instead of 2FA');
    await save(page);
    assert.match(await textOf(page, '#twofa [role=status]'), /2FA is still on/);
    assert.equal(await shownIn(page, 'otp_type'), '2FA');
    await screenshot(page, 'totp 91 mistyped');

    const secret = await chooseTotp(page, who);
    await page.fill('#totp_verification_code', code(secret));
    await save(page);
    assert.match(await textOf(page, '#twofa [role=status]'), /2FA is off now/);
    await screenshot(page, 'totp 92 the other way round');
    posts.assertNothingOfOurs();
    await logOut(page);
    await enterPassword(page, live.url, who);
    await page.waitForURL(/\/login\/otp\.php/);
    await page.fill('[name=code]', code(secret));
    await Promise.all([page.waitForEvent('load'), page.click('[type=submit]')]);
    await inShell(page);

    await openSettings(page, who);
    const second = await scan(page);
    assert.match(await page.innerText('#twofa'), /TOTP is the panel's own second factor and is on/);
    await register(page, who, second);
    await page.check('#twofa-end-panel');
    await screenshot(page, 'totp 93 back');
    await save(page);
    await page.waitForSelector('.twofa-place[data-twofa-panel="none"]');
    await logOut(page);
    await enterPassword(page, live.url, who);
    await enterCode(page, await second.next());
    await inShell(page);
    await turnOff(page, who);
    assert.deepEqual(problemsOf(page), []);
  },
);

/** Chooses TOTP with a key of its own in place of 2FA, and proves the password; the key. */
async function chooseTotp(page: Page, { password }: LiveAccount): Promise<string> {
  await choose(page, 'otp_type', 'TOTP');
  // A key from before is kept until it is reset.
  if (await page.isVisible('#reset_totp_button')) await page.click('#reset_totp_button');
  await type(page, '#twofa-off-password', password);
  await type(page, '#twofa-off-confirm', password);
  return page.inputValue('#totp_secret');
}
