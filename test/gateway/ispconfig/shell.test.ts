import assert from 'node:assert/strict';
import { browserTest, problemsOf, screenshot } from '../../support/browser.js';
import { accounts } from '../../support/ispconfig/accounts.js';
import { logIn, openPage } from '../../support/ispconfig/shell-steps.js';
import { code } from '../../support/oathtool.js';
import { ALERT, behindShell, choose, keyOf, openSettings, postsOf, SAVE, type } from './shell.js';

const setup = await behindShell();
const { client1, mbox } = accounts;

browserTest(
  'a user turns 2FA on, logs in with it and turns it off, all inside the shell',
  async ({ newPage }) => {
    const page = await newPage();
    await logIn(page, setup.gateway.url, client1);
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
    await logIn(other, setup.gateway.url, client1);
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
    assert.match((await other.textContent(ALERT)) ?? '', /do not match/);
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
    await logIn(page, setup.gateway.url, mbox);
    await openPage(page, 'mailuser', 'mail_user_password', '#twofa-mode');
    const posts = postsOf(page);
    assert.equal(await page.locator('#twofa-mode').count(), 1);
    await page.selectOption('#twofa-mode', { label: '2FA' });
    await page.waitForSelector('#twofa-code');
    const key = await keyOf(page);
    await type(page, '#twofa-password', mbox.password);
    await type(page, '#twofa-code', code(key));
    await page.focus('#twofa .twofa-primary');
    await page.keyboard.press('Enter');
    await page.waitForSelector('.twofa-codes');
    assert.deepEqual(
      posts,
      ['/2fa/settings/begin', '/2fa/settings/register'],
      'Enter on our button is no Save',
    );
    posts.length = 0;
    await type(page, '#password', 'fresh-Passw0rd!');
    await type(page, '#repeat_password', 'fresh-Passw0rd!');
    await page.keyboard.press('Enter');
    await page.waitForSelector('#pageContent td:has-text("Email address")');
    assert.deepEqual(posts, ['/2fa/settings/save', '/mailuser/mail_user_password_edit.php']);
    await screenshot(page, 'shell mailbox saved');
    const other = await newPage();
    await logIn(other, setup.gateway.url, { ...mbox, password: 'fresh-Passw0rd!' });
    await other.waitForURL(/\/2fa\/login$/);
    assert.deepEqual(problemsOf(page), []);
  },
);
