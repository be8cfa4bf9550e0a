import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Page } from 'playwright-core';
import { examine } from '../../../src/operator/commands/doctor/examination.js';
import { lineOf } from '../../../src/operator/commands/doctor/finding.js';
import { browserTest, problemsOf, screenshot } from '../../support/browser.js';
import { faintIn } from '../../support/contrast.js';
import { accounts, type PanelAccount } from '../../support/ispconfig/accounts.js';
import { logIn } from '../../support/ispconfig/shell-steps.js';
import { type SaveControl, saveControls } from '../../support/ispconfig/themes.js';
import { code } from '../../support/oathtool.js';
import { ALERT, behindShell, keyOf, postsOf, type } from './shell.js';

const { panel, database, gateway } = await behindShell();
const { admin, reseller1, client1, client2, client3, mbox } = accounts;
const SETTINGS = 'tools/user_settings.php';
const SAVE = '[data-twofa-saves]';

async function useTheme(theme: string): Promise<void> {
  panel.settings.theme = theme;
  await database.query("UPDATE sys_user SET app_theme = ?, otp_type = 'none'", [theme]);
}

async function enter(page: Page, account: PanelAccount, module: string, item: string): Promise<void> {
  await logIn(page, gateway.url, account);
  await page.waitForSelector('#pageContent h1');
  await page.click(`#main-navigation [data-capp=${module}]`);
  await page.waitForSelector(`#sidebar [data-load-content="${item}"]`);
  await page.evaluate(() => document.getElementById('pageContent')?.replaceChildren());
  await page.click(`#sidebar [data-load-content="${item}"]`);
  await page.waitForSelector('#pageContent #twofa', { state: 'attached' });
}

for (const control of Object.keys(saveControls) as SaveControl[]) {
  browserTest(`a shell without jQuery that saves by ${control} waits for the slot`, async ({ newPage }) => {
    await useTheme('native');
    panel.settings.saveControl = control;
    const page = await newPage();
    await enter(page, client2, 'tools', SETTINGS);
    await page.selectOption('#otp_type', '2fa');
    await page.waitForSelector('#twofa-code');
    const posts = postsOf(page);
    await page.click(SAVE);
    await page.waitForSelector(ALERT);
    assert.match((await page.textContent(ALERT)) ?? '', /Nothing is active yet/);
    await page.selectOption('#otp_type', 'none');
    const saved = page.waitForResponse((reply) => reply.url().endsWith(SETTINGS) && reply.status() === 302);
    await page.click(SAVE);
    await saved;
    assert.deepEqual(posts, ['/2fa/settings/save', '/2fa/settings/save', `/${SETTINGS}`]);
    await page.waitForSelector('#twofa[data-twofa-state=off]', { state: 'attached' });
    assert.deepEqual(problemsOf(page), []);
  });
}

browserTest(
  'the whole journey in a shell without jQuery, by Enter and in the slot’s own fields',
  async ({ newPage }) => {
    await useTheme('native');
    panel.settings.saveControl = 'submit';
    const page = await newPage();
    await enter(page, client1, 'tools', SETTINGS);
    await page.selectOption('#otp_type', '2fa');
    await page.waitForSelector('#twofa-code');
    const key = await keyOf(page);
    await type(page, '#twofa-password', client1.password);
    await type(page, '#twofa-code', code(key));
    await screenshot(page, 'native theme setting up');
    await page.keyboard.press('Enter');
    await page.waitForSelector('.twofa-codes');
    await page.evaluate("document.querySelector('.twofa-place').dataset.before = ''");
    await page.focus('#passwort');
    await page.keyboard.press('Enter');
    await page.waitForSelector('.twofa-place:not([data-before]) [data-twofa-state=active]', {
      state: 'attached',
    });
    assert.equal(await page.inputValue('#otp_type'), '2fa');
    assert.equal(
      (await database.first('SELECT otp_type FROM sys_user WHERE userid = ?', [client1.id]))?.otp_type,
      'none',
    );
    await page.selectOption('#otp_type', 'none');
    await type(page, '#twofa-off-password', client1.password);
    await type(page, '#twofa-off-confirm', client1.password);
    await page.keyboard.press('Enter');
    await page.waitForSelector('#twofa[data-twofa-state=off]', { state: 'attached' });
    assert.ok(!panel.fieldNames().some((name) => /twofa|^code$/.test(name)));
    assert.deepEqual(problemsOf(page), []);
  },
);

const PEOPLE: readonly (readonly [who: string, account: PanelAccount, module: string, item: string])[] = [
  ['an admin', admin, 'tools', SETTINGS],
  ['a reseller', reseller1, 'tools', SETTINGS],
  ['a client', client2, 'tools', SETTINGS],
  ['a client without Tools', client3, 'mail', 'mail/mail_user_list.php'],
  ['a mail user', mbox, 'mailuser', 'mailuser/mail_user_password_edit.php'],
];

browserTest(
  'where a theme hides what saves its pages, everybody still finds his settings',
  async ({ newPage }) => {
    await useTheme('sealed');
    for (const [who, account, module, item] of PEOPLE) {
      const page = await newPage();
      await logIn(page, gateway.url, account);
      await page.waitForSelector('#pageContent h1');
      await page.click(`#main-navigation [data-capp=${module}]`);
      if (account !== client3) await page.click(`#sidebar [data-load-content="${item}"]`);
      await page.click('#twofa-way a');
      await page.waitForURL(/\/2fa\/settings$/);
      assert.equal(await page.locator('#twofa-mode').count(), 1, who);
      assert.deepEqual(problemsOf(page), [], who);
    }
    const page = await newPage();
    await logIn(page, gateway.url, client2);
    await page.waitForSelector('#twofa-way a:visible');
    await screenshot(page, 'sealed theme way');
    await page.goto(`${gateway.url}/nav.php?nav=side`);
    assert.equal(
      await page.locator('a[href="/2fa/settings"]').count(),
      1,
      'and by the side menu, where a theme asks for it',
    );
  },
);

test('an unknown page is told once in the log, and by doctor until it is recognised', async () => {
  const told = gateway.output.match(/user_settings\.php is not the page we know in the theme sealed/g);
  assert.equal(told?.length, 1);
  const about = async () => {
    const lines: string[] = [];
    for await (const finding of examine(gateway.configFile)) lines.push(lineOf(finding));
    return lines.filter((line) => /recognise/.test(line));
  };
  assert.deepEqual((await about()).length, 2);
  assert.match((await about()).join('\n'), /^warning .*user_settings\.php in the theme "sealed".*side menu/m);
});

for (const theme of ['default', 'dark', 'native']) {
  browserTest(`everything of ours can be read in the theme ${theme}`, async ({ newPage }) => {
    await useTheme(theme);
    panel.settings.saveControl = 'button';
    const page = await newPage();
    await enter(page, mbox, 'mailuser', 'mailuser/mail_user_password_edit.php');
    const check = async (name: string) => {
      await screenshot(page, `${theme} ${name}`);
      assert.deepEqual(await faintIn(page, '.twofa-place'), [], `${theme} ${name}`);
    };
    await check('mail user off');
    await page.selectOption('#twofa-mode', '2fa');
    await page.waitForSelector('#twofa-code');
    await check('setting up');
    await type(page, '#twofa-password', 'wrong');
    await type(page, '#twofa-code', '123456');
    await page.keyboard.press('Enter');
    await page.waitForSelector(ALERT);
    await page.focus('#twofa-password');
    await check('refused');
    const key = await keyOf(page);
    await type(page, '#twofa-password', mbox.password);
    await type(page, '#twofa-code', code(key));
    await page.keyboard.press('Enter');
    await page.waitForSelector('.twofa-codes');
    await check('recovery codes');
    await page.selectOption('#twofa-mode', 'none');
    assert.deepEqual(problemsOf(page), []);
  });
}
