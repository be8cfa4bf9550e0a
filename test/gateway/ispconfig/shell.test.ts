import assert from 'node:assert/strict';
import type { Page } from 'playwright-core';
import { browserTest, problemsOf, screenshot } from '../../support/browser.js';
import { accounts, type PanelAccount } from '../../support/ispconfig/accounts.js';
import { code } from '../../support/oathtool.js';
import { type Behind, behindGateway } from './setup.js';

const setup = await behindGateway();
// The poll of every open page would write a session back that another request has changed meanwhile.
setup.panel.misbehaviour.answers.set('datalogstatus', { status: 503, body: '' });
const { client1, client2, client3, admin, mbox } = accounts;
const ALERT = '#twofa [role=alert]';
const SAVE = '.tab-content button.formbutton-success';

async function logIn(page: Page, account: PanelAccount, { gateway }: Behind = setup): Promise<void> {
  await page.goto(`${gateway.url}/login/`);
  await page.fill('#username', account.name);
  await page.fill('#password', account.password);
  await page.click('input[type=submit]');
}

/** Opens a module and one of its pages, which it asks for when nothing else is under way: sessions have no lock. */
async function openPage(page: Page, module: string, item: string): Promise<void> {
  await page.click(`#main-navigation a[data-capp=${module}]`);
  await page.waitForSelector(`#main-navigation a.active[data-capp=${module}]`);
  await page.waitForSelector(`#${item} a`);
  await page.waitForSelector('#pageContent h1');
  await page.evaluate(() => document.getElementById('pageContent')?.replaceChildren());
  await page.click(`#${item} a`);
  await page.waitForSelector('#pageContent h1');
}

const openSettings = (page: Page) => openPage(page, 'tools', 'user_settings');

/** As somebody chooses in a list that the shell has made of a select. */
async function choose(page: Page, select: string, text: string): Promise<void> {
  await page.click(`#s2id_${select} .select2-choice`);
  await page.click(`.select2-drop-active li:has-text("${text}")`);
}

async function type(page: Page, field: string, text: string): Promise<void> {
  await page.click(field);
  await page.fill(field, text);
}

async function keyOf(page: Page): Promise<string> {
  return ((await page.textContent('.twofa-data code')) ?? '').replaceAll(' ', '');
}

/** The posts to the panel's own pages from now on. */
function postsOf(page: Page): string[] {
  const posts: string[] = [];
  page.on('request', (request) => {
    if (request.method() === 'POST') posts.push(new URL(request.url()).pathname);
  });
  return posts;
}

browserTest(
  'a user turns 2FA on, logs in with it and turns it off, all inside the shell',
  async ({ newPage }) => {
    const page = await newPage();
    await logIn(page, client1);
    await openSettings(page);
    const posts = postsOf(page);
    assert.equal(await page.isVisible('#twofa-mode'), false, "the panel's own select is the only one seen");
    await choose(page, 'otp_type', '2FA');
    await page.waitForSelector('#twofa-code');
    assert.equal(await page.textContent('#s2id_otp_type .select2-chosen'), '2FA');
    await screenshot(page, 'shell setting up');

    // Enter in our field is our button's, and never the panel's.
    await type(page, '#twofa-password', 'wrong');
    await type(page, '#twofa-code', '123456');
    await page.keyboard.press('Enter');
    await page.waitForSelector(ALERT);
    assert.match((await page.textContent(ALERT)) ?? '', /password is wrong/);
    assert.deepEqual(posts, ['/2fa/settings/begin', '/2fa/settings/register']);

    // The green Save says what is missing, and the panel saves nothing.
    await page.click(SAVE);
    await page.waitForFunction(
      (alert) => /Nothing is active yet/.test(document.querySelector(alert)?.textContent ?? ''),
      ALERT,
    );
    assert.ok(!posts.includes('/tools/user_settings.php'));

    const key = await keyOf(page);
    await type(page, '#twofa-password', client1.password);
    await type(page, '#twofa-code', code(key));
    await page.keyboard.press('Enter');
    await page.waitForSelector('.twofa-codes');
    assert.equal(await page.locator('.twofa-codes li').count(), 10);
    await page.click(SAVE);
    await page.waitForSelector('#twofa[data-twofa-state=active]', { state: 'attached' });
    assert.equal(posts.at(-1), '/tools/user_settings.php', 'the panel saved after us');
    assert.equal(await page.textContent('#s2id_otp_type .select2-chosen'), '2FA');

    const other = await newPage();
    await logIn(other, client1);
    await other.waitForURL(/\/2fa\/login$/);
    await other.fill('[name=code]', '000000');
    await other.click('button[type=submit]');
    await other.waitForSelector('[role=alert]');
    await other.fill('[name=code]', code(key, { at: Date.now() / 1000 + 30 }));
    await other.click('button[type=submit]');
    await other.waitForSelector('#pageContent h1');
    await openSettings(other);
    await choose(other, 'otp_type', 'none');
    await type(other, '#twofa-off-password', client1.password);
    await type(other, '#twofa-off-confirm', 'another');
    await other.click(SAVE);
    await other.waitForSelector(ALERT);
    assert.match((await other.textContent(ALERT)) ?? '', /differ/);
    await type(other, '#twofa-off-password', client1.password);
    await type(other, '#twofa-off-confirm', client1.password);
    await other.keyboard.press('Enter');
    await other.waitForSelector('#twofa[data-twofa-state=off]', { state: 'attached' });
    assert.equal(await other.textContent('#s2id_otp_type .select2-chosen'), 'none');
    assert.deepEqual([...problemsOf(page), ...problemsOf(other)], []);
    const names = setup.panel.fieldNames().filter((name) => /twofa|^code$|data-/.test(name));
    assert.deepEqual(names, [], 'no field of ours reached the panel');
  },
);

browserTest(
  'a mailbox has its own select in the Password page, and Enter in a field of the panel saves both, once',
  async ({ newPage }) => {
    const page = await newPage();
    await logIn(page, mbox);
    await openPage(page, 'mailuser', 'mail_user_password');
    const posts = postsOf(page);
    assert.equal(await page.locator('#twofa-mode').count(), 1);
    await page.selectOption('#twofa-mode', { label: '2FA' });
    await page.waitForSelector('#twofa-code');
    const key = await keyOf(page);
    await type(page, '#twofa-password', mbox.password);
    await type(page, '#twofa-code', code(key));
    await page.click('text=Register with 2FA app');
    await page.waitForSelector('.twofa-codes');
    posts.length = 0;
    await type(page, '#password', 'fresh-Passw0rd!');
    await type(page, '#repeat_password', 'fresh-Passw0rd!');
    await page.keyboard.press('Enter');
    await page.waitForSelector('#pageContent td:has-text("Email address")');
    assert.deepEqual(posts, ['/2fa/settings/save', '/mailuser/mail_user_password_edit.php']);
    await screenshot(page, 'shell mailbox saved');
    const other = await newPage();
    await logIn(other, { ...mbox, password: 'fresh-Passw0rd!' });
    await other.waitForURL(/\/2fa\/login$/);
    assert.deepEqual(problemsOf(page), []);
  },
);

browserTest(
  'a user without Tools finds our page in the side menu, and an admin the list of all accounts',
  async ({ newPage }) => {
    const page = await newPage();
    await logIn(page, client3);
    await page.click('#sidebar a:has-text("Two-factor authentication")');
    await page.waitForURL(/\/2fa\/settings$/);
    assert.equal(await page.locator('#twofa-mode').count(), 1);
    const boss = await newPage();
    await logIn(boss, admin);
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
    await logIn(page, admin);
    await openPage(page, 'admin', 'user_list');
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
      await logIn(page, accounts.reseller1);
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
