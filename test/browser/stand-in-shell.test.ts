import assert from 'node:assert/strict';
import type { Page } from 'playwright-core';
import { standIn } from '../stand-in/stand-in.js';
import { browserTest, problemsOf, screenshot } from '../support/browser.js';
import { accounts, type PanelAccount } from '../support/ispconfig/accounts.js';
import type { IspconfigPanel } from '../support/ispconfig/panel.js';
import { logIn, openPage, withoutPoll } from '../support/ispconfig/shell-steps.js';

async function enter(page: Page, panel: IspconfigPanel, account: PanelAccount): Promise<void> {
  withoutPoll(panel);
  await logIn(page, panel.url, account);
  await page.waitForSelector('#pageContent h1');
}

browserTest('the shell saves what has a name, and Enter clicks every green button', async ({ newPage }) => {
  const { panel } = await standIn();
  const page = await newPage();
  await enter(page, panel, accounts.client1);
  await openPage(page, 'tools', 'user_settings');
  await page.waitForSelector('#otp_type', { state: 'attached' });
  await screenshot(page, 'stand-in settings');
  assert.equal(await page.getAttribute('#passwort', 'readonly'), '');
  await page.evaluate(() => {
    const slot = document.createElement('div');
    slot.innerHTML = `<input name="px_code" value="123456"><input id="nameless" value="1">
      <input name="px_owned" form="elsewhere" value="1">
      <button type="button" id="green" class="formbutton-success" onclick="this.dataset.clicked = '1'">Go</button>`;
    document.querySelector('.tab-content .clear')?.before(slot);
    document.body.insertAdjacentHTML('beforeend', '<form id="elsewhere"></form>');
  });
  const saved = page.waitForResponse((response) => response.request().method() === 'POST');
  await page.evaluate(() => Object.assign(window, { green: document.getElementById('green') }));
  await page.press('#nameless', 'Enter');
  await saved;
  await page.waitForSelector('#green', { state: 'detached' });
  assert.equal(await page.evaluate('window.green.dataset.clicked'), '1');
  assert.ok(panel.fieldNames().includes('px_code'));
  assert.ok(!panel.fieldNames().includes('px_owned'), 'a form of its own');
  assert.equal(await page.textContent('h1'), 'User Settings');
  assert.deepEqual(problemsOf(page), []);
});

browserTest('scripts in fragments run, and errors show nothing', async ({ newPage }) => {
  const { panel } = await standIn();
  const page = await newPage();
  await enter(page, panel, accounts.client1);
  panel.misbehaviour.answers.set('user_settings', { status: 403, body: 'no' });
  await page.click('#main-navigation a[data-capp=tools]');
  await page.waitForSelector('#user_settings');
  assert.match((await page.textContent('#pageContent')) ?? '', /Welcome client1/);
  panel.misbehaviour.answers.set('user_settings', {
    status: 200,
    body: "<script>location.href = '/login/password_reset.php'</script>",
    headers: { 'content-type': 'text/html' },
  });
  await page.click('#user_settings a');
  await page.waitForURL(/password_reset/);
});

browserTest('an expired session pastes the login page into the shell', async ({ newPage }) => {
  const { panel, database } = await standIn();
  const page = await newPage();
  await enter(page, panel, accounts.client1);
  await openPage(page, 'tools', 'user_settings');
  await page.waitForSelector('#otp_type', { state: 'attached' });
  await database.query('DELETE FROM sys_session');
  await page.click('#user_settings a');
  await page.waitForSelector('#pageContent #username');
  assert.ok(await page.isVisible('#logout-button'));
  await page.click('#main-navigation a[data-capp=mail]');
  await page.waitForURL(/\/login\/$/);
});

browserTest('an admin logs in as a client, back, and out', async ({ newPage }) => {
  const { panel } = await standIn();
  const page = await newPage();
  await enter(page, panel, accounts.admin);
  await page.click('#main-navigation a[data-capp=admin]');
  await page.click('a[data-load-content="login/login_as.php?cid=2"]');
  await page.click('#pageContent button.formbutton-success');
  await page.waitForSelector('text=Logout client1');
  await page.click('#logout-button');
  await page.click('#pageContent button.formbutton-success');
  await page.waitForSelector('text=Logout admin');
  await page.click('#logout-button');
  await page.waitForURL(/\/login\/$/);
});

browserTest(
  'what is chosen in a replaced select is told to jQuery and to no listener',
  async ({ newPage }) => {
    const { panel } = await standIn();
    const page = await newPage();
    await enter(page, panel, accounts.client1);
    await openPage(page, 'tools', 'user_settings');
    await page.waitForSelector('#otp_type', { state: 'attached' });
    await page.evaluate(`(() => {
    window.heard = [];
    const select = document.getElementById('otp_type');
    select.add(new Option('2FA', 'twofa'));
    select.addEventListener('change', () => heard.push('listener'));
    jQuery(select).on('change', () => heard.push('jQuery'));
    jQuery(document).on('change', '#otp_type', () => heard.push('jQuery of the document'));
  })()`);
    await page.click('#s2id_otp_type .select2-choice');
    await page.click('.select2-drop-active li:has-text("2FA")');
    assert.deepEqual(await page.evaluate('heard'), ['jQuery', 'jQuery of the document']);
    assert.equal(await page.inputValue('#otp_type'), 'twofa');
    assert.equal(await page.textContent('#s2id_otp_type .select2-chosen'), '2FA');
    await page.evaluate(`(() => {
    window.heard = [];
    const select = document.getElementById('otp_type');
    select.value = 'none';
    select.dispatchEvent(new Event('change', { bubbles: true }));
  })()`);
    assert.deepEqual(await page.evaluate('heard'), ['listener', 'jQuery', 'jQuery of the document']);
    assert.equal(await page.textContent('#s2id_otp_type .select2-chosen'), 'none');
  },
);
