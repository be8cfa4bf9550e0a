import assert from 'node:assert/strict';
import type { Page } from 'playwright-core';
import { browserTest, problemsOf, screenshot } from '../../support/browser.js';
import { accounts } from '../../support/ispconfig/accounts.js';
import { logIn, openPage } from '../../support/ispconfig/shell-steps.js';
import { code } from '../../support/oathtool.js';
import { ALERT, behindShell, choose, keyOf, openSettings, postsOf, SAVE, type } from './shell.js';

const setup = await behindShell();
const { admin, client1, client2, client3, reseller1 } = accounts;

browserTest(
  'a user without Tools finds our page in the side menu, and an admin the list of all accounts',
  async ({ newPage }) => {
    const page = await newPage();
    await logIn(page, setup.gateway.url, client3);
    await page.click('#sidebar a:has-text("Two-factor authentication")');
    await page.waitForURL(/\/2fa\/settings$/);
    assert.equal(await page.locator('#twofa-mode').count(), 1);
    const boss = await newPage();
    await logIn(boss, setup.gateway.url, admin);
    await boss.click('#main-navigation a[data-capp=admin]');
    await boss.click('#sidebar a:has-text("Two-factor authentication")');
    await boss.waitForURL(/\/2fa\/accounts$/);
    assert.match((await boss.textContent('table')) ?? '', /mbox@example\.test/);
  },
);

browserTest(
  "an admin unticks 2FA of a user, proves himself, and the panel's Save switches it off",
  async ({ newPage }) => {
    await setup.person(client2).enrol();
    const page = await newPage();
    await logIn(page, setup.gateway.url, admin);
    await openPage(page, 'admin', 'user_list', 'table');
    await page.click('a:has-text("client2")');
    await page.waitForSelector('#twofa-enabled');
    const posts = postsOf(page);
    assert.equal(await page.isChecked('#twofa-enabled'), true);
    await page.uncheck('#twofa-enabled');
    await page.waitForSelector('#twofa-step-up-password');
    await screenshot(page, 'shell admin unticks');
    await page.click(SAVE);
    await page.waitForSelector(ALERT);
    assert.ok(!posts.includes('/admin/users_edit.php'), 'the panel has saved nothing');
    await type(page, '#twofa-step-up-password', admin.password);
    await page.keyboard.press('Enter');
    await page.waitForSelector('#pageContent h1:has-text("Users")');
    await page.waitForSelector('#Filter');
    assert.deepEqual(posts.slice(-2), ['/2fa/accounts/user/4', '/admin/users_edit.php']);
    await page.click('a:has-text("client2")');
    await page.waitForSelector('#twofa[data-twofa-state=off]', { state: 'attached' });
    assert.equal(await page.isDisabled('#twofa-enabled'), true);
    const row = await setup.database.first('SELECT active, username FROM sys_user WHERE userid = 4');
    assert.deepEqual(
      { ...row },
      { active: 1, username: 'client2' },
      'the rest of the form was saved as it was',
    );
  },
);

browserTest(
  "a change of the panel's tab carries an untick out, or stays and says why not",
  async ({ newPage }) => {
    await setup.person(reseller1).enrol();
    const page = await newPage();
    await logIn(page, setup.gateway.url, admin);
    await openPage(page, 'admin', 'user_list', 'table');
    await page.click('#pageContent a:has-text("reseller1")');
    const posts = postsOf(page);
    await page.uncheck('#twofa-enabled');
    await page.click('.nav-tabs a:has-text("Groups")');
    await page.waitForSelector(ALERT);
    assert.ok(!posts.includes('/admin/users_edit.php'), 'the panel stays at its tab');
    assert.equal(await page.isChecked('#twofa-enabled'), false);
    assert.equal(await page.inputValue('#pageForm [name=next_tab]'), '', 'Save leads to the list again');
    await type(page, '#twofa-step-up-password', admin.password);
    await page.click('.nav-tabs a:has-text("Groups")');
    await page.waitForSelector('.nav-tabs .active:has-text("Groups")');
    await page.waitForSelector('#twofa[data-twofa-state=off]', { state: 'attached' });
    assert.deepEqual(posts.slice(-2), ['/2fa/accounts/user/2', '/admin/users_edit.php']);
    assert.deepEqual(problemsOf(page), []);
  },
);

browserTest(
  'an expired session leads from every part of the shell to the login, never into it',
  async ({ newPage }) => {
    const acts: Readonly<Record<string, (page: Page) => Promise<void>>> = {
      'a link of the side menu': (page) => page.click('#sidebar a >> nth=0'),
      'the top menu': (page) => page.click('#main-navigation a[data-capp=tools]'),
      'a button that posts': (page) => page.click('button:has-text("Filter")'),
      Logout: (page) => page.click('#logout-button'),
    };
    for (const [what, act] of Object.entries(acts)) {
      const page = await newPage();
      await logIn(page, setup.gateway.url, accounts.reseller1);
      await page.click('#main-navigation a[data-capp=mail]');
      await page.waitForSelector('button:has-text("Filter")');
      await page.waitForSelector('#sidebar a:has-text("Email Mailbox")');
      await setup.database.query("DELETE FROM sys_session WHERE session_data LIKE '%reseller1%'");
      await act(page);
      await page.waitForURL(/\/login\/$/);
      await page.waitForSelector('#username');
      assert.equal(await page.locator('#pageForm').count(), 0, what);
    }
  },
);

browserTest(
  'the first page of the shell goes to the login when the session ends meanwhile',
  async ({ newPage }) => {
    const page = await newPage();
    await logIn(page, setup.gateway.url, client3);
    await page.waitForSelector('#pageContent h1');
    await page.route('**/dashboard/dashboard.php', async (route) => {
      await setup.database.query("DELETE FROM sys_session WHERE session_data LIKE '%client3%'");
      await route.continue();
    });
    await page.reload();
    await page.waitForURL(/\/login\/$/);
    await page.waitForSelector('#username');
  },
);

browserTest(
  'when the panel refuses its part of a Save, the slot still says that 2FA is active',
  async ({ newPage }) => {
    const page = await newPage();
    await logIn(page, setup.gateway.url, client1);
    await openSettings(page);
    await choose(page, 'otp_type', '2FA');
    await page.waitForSelector('#twofa-code');
    await type(page, '#twofa-password', client1.password);
    await type(page, '#twofa-code', code(await keyOf(page)));
    await page.keyboard.press('Enter');
    await page.waitForSelector('.twofa-codes');
    const { answers } = setup.panel.misbehaviour;
    answers.set('tools/user_settings.php', { status: 500, body: '' });
    try {
      await page.click(SAVE);
      await page.waitForSelector('#twofa[data-twofa-state=active]', { state: 'attached' });
    } finally {
      answers.delete('tools/user_settings.php');
    }
    assert.equal(await page.textContent('#s2id_otp_type .select2-chosen'), '2FA');
    assert.deepEqual(problemsOf(page), []);
  },
);

browserTest(
  'an admin who is logged in as a client sees that 2FA is active and cannot touch it',
  async ({ newPage }) => {
    const page = await newPage();
    await logIn(page, setup.gateway.url, admin);
    await page.waitForSelector('#pageContent h1');
    await page.evaluate("ISPConfig.loadContent('login/login_as.php?cid=2')");
    await page.click('#pageContent button.formbutton-success');
    await page.waitForSelector('text=Logout client1');
    await openSettings(page);
    assert.match(
      (await page.textContent('#twofa')) ?? '',
      /is active for this account\. Only its owner can change it/,
    );
    assert.equal(await page.locator('#twofa input:visible').count(), 0);
    assert.equal(await page.textContent('#s2id_otp_type .select2-chosen'), '2FA');
    assert.deepEqual(problemsOf(page), []);
  },
);
