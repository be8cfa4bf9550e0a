import assert from 'node:assert/strict';
import type { Page } from 'playwright-core';
import { browserTest, problemsOf, screenshot } from '../../support/browser.js';
import { accounts } from '../../support/ispconfig/accounts.js';
import { logIn, withoutPoll } from '../../support/ispconfig/shell-steps.js';
import { code } from '../../support/oathtool.js';
import { behindGateway } from './setup.js';
import { choose, keyOf, openSettings, type } from './shell.js';

const standIn = { totp: true };
const SAVE = '#pageContent button[data-submit-form]';
const { password } = accounts.client1;

async function behind(config: Record<string, unknown> = {}) {
  const setup = await behindGateway({ standIn, config });
  withoutPoll(setup.panel);
  return setup;
}

const seen = (page: Page) => page.innerText('#twofa');
const chosen = (page: Page) => page.textContent('#s2id_otp_type .select2-chosen');

/** Saves; resolves when the slot says what is awaited, on a page of the panel that came anew where both have saved. */
async function save(page: Page, awaited: RegExp, both: 'both' | '' = ''): Promise<void> {
  if (both) await page.evaluate("document.querySelector('.twofa-place').dataset.before = ''");
  await page.click(SAVE);
  if (both) await page.waitForSelector('.twofa-place:not([data-before])', { state: 'attached' });
  await page.waitForFunction(
    ({ source, flags }) => new RegExp(source, flags).test(document.getElementById('twofa')?.innerText ?? ''),
    { source: awaited.source, flags: awaited.flags },
  );
}

async function typeTotp(page: Page, typed: (secret: string) => string): Promise<void> {
  await page.fill('#totp_verification_code', typed(await page.inputValue('#totp_secret')));
}

async function register(page: Page): Promise<void> {
  await page.waitForSelector('#twofa-code');
  const key = await keyOf(page);
  await type(page, '#twofa-password', password);
  await type(page, '#twofa-code', code(key));
  await page.click('#twofa .twofa-primary');
  await page.waitForSelector('.twofa-codes');
}

async function proveTwice(page: Page): Promise<void> {
  await type(page, '#twofa-off-password', password);
  await type(page, '#twofa-off-confirm', password);
}

browserTest(
  "the panel's TOTP and 2FA side by side: said before Save, and nobody ends with neither",
  async ({ newPage }) => {
    const { gateway, database, panel } = await behind();
    const has = async () =>
      (await database.first('SELECT otp_type FROM sys_user WHERE userid = 3'))?.otp_type;
    const page = await newPage();
    await logIn(page, gateway.url, accounts.client1);
    await openSettings(page);
    assert.match(await seen(page), /2FA and TOTP both ask for a code from an app/);
    await choose(page, 'otp_type', 'totp');
    assert.equal(await page.isVisible('#totp-form'), true, "the panel's own script goes on");
    await choose(page, 'otp_type', '2FA');
    assert.equal(await page.isVisible('#totp-form'), false);
    await register(page);
    await save(page, /has been active since/, 'both');

    await choose(page, 'otp_type', 'totp');
    assert.match(await seen(page), /totp takes the place of 2FA.*If the panel refuses, 2FA stays on/s);
    await typeTotp(page, () => '1234567');
    await save(page, /Enter your current password\./);
    assert.match(await seen(page), /totp takes the place of 2FA/, 'what was chosen stays after a refusal');
    await proveTwice(page);
    await save(page, /2FA is still on, because the panel has not saved/);
    assert.deepEqual([await has(), await chosen(page)], ['none', '2FA']);
    await choose(page, 'otp_type', 'totp');
    await typeTotp(page, (secret) => code(secret));
    await proveTwice(page);
    await save(page, /2FA is off now/, 'both');
    assert.deepEqual([await has(), await chosen(page)], ['totp', 'totp']);
    assert.equal(await page.isVisible('#reset_totp_button'), true);

    await choose(page, 'otp_type', '2FA');
    assert.equal(await page.isVisible('#reset_totp_button'), false);
    await register(page);
    assert.match(await seen(page), /totp is the panel's own second factor and is on/);
    await save(page, /has been active since/, 'both');
    assert.deepEqual([await has(), await chosen(page)], ['totp', '2FA'], 'both, since nobody said otherwise');
    await screenshot(page, 'shell both factors');
    await page.check('#twofa-end-panel');
    await page.click(SAVE);
    await page.waitForSelector('.twofa-place[data-twofa-panel=none]');
    assert.deepEqual([await has(), await chosen(page)], ['none', '2FA']);

    await database.query("UPDATE sys_user SET otp_type = 'email' WHERE userid = 3");
    await openSettings(page);
    await choose(page, 'otp_type', 'none');
    assert.match(await seen(page), /email is turned off as well/);
    await proveTwice(page);
    await page.click(SAVE);
    await page.waitForSelector('#twofa[data-twofa-state=off]', { state: 'attached' });
    for (let look = 0; look < 50 && (await has()) !== 'none'; look++) await page.waitForTimeout(100);
    assert.equal(await has(), 'none');
    assert.ok(
      !panel.fieldNames().some((name) => name.startsWith('twofa')),
      'no field of ours reached the panel',
    );
    assert.deepEqual(problemsOf(page), []);
  },
);

browserTest("who must have 2FA gets the panel's own on top of it", async ({ newPage }) => {
  const { gateway, database } = await behind({ requiredFor: ['client'] });
  const page = await newPage();
  await logIn(page, gateway.url, accounts.client1);
  await page.waitForURL(/\/2fa\/settings/);
  await page.selectOption('#twofa-mode', '2fa');
  await register(page);
  await page.click('.twofa-save');
  await page.waitForSelector('#twofa[data-twofa-state=active]');
  await page.goto(`${gateway.url}/index.php`);
  await openSettings(page);
  assert.equal(await chosen(page), '2FA');
  await choose(page, 'otp_type', 'email');
  assert.match(await seen(page), /2FA is required for your account\. email comes on top of it/);
  await page.click(SAVE);
  await page.waitForSelector('.twofa-place[data-twofa-panel=email]');
  assert.equal(await chosen(page), '2FA');
  assert.equal((await database.first('SELECT otp_type FROM sys_user WHERE userid = 3'))?.otp_type, 'email');
  assert.deepEqual(problemsOf(page), []);
});
