import assert from 'node:assert/strict';
import { test } from 'node:test';
import { accounts } from '../support/ispconfig/accounts.js';
import { code } from '../support/oathtool.js';
import { standIn, tokenOf } from './stand-in.js';

test('the panel itself asks for a code by e-mail before it opens', async () => {
  const { go, login, database, panel } = await standIn();
  await database.query("UPDATE sys_user SET otp_type = 'email' WHERE userid = 3");
  const reply = await login(accounts.client1);
  assert.equal(reply.location, 'otp.php');
  const { cookie } = reply;
  const [session] = await database.sessions();
  assert.deepEqual(Object.keys(session?.data ?? {}).slice(0, 2), ['s_pending', 'otp']);

  assert.equal((await go('/index.php', { cookie })).location, '/login/');
  assert.equal((await go('/nav.php?nav=top', { cookie })).location, '/login/');
  assert.equal((await go('/datalogstatus.php', { cookie })).location, '/login/');
  assert.equal((await go('/tools/user_settings.php', { cookie })).location, '/index.php');
  assert.equal((await go('/login/', { cookie })).status, 200);

  const page = await go('/login/otp.php', { cookie });
  assert.equal(panel.mails.length, 1);
  assert.equal(panel.mails[0]?.to, 'client1@example.org');
  const code = /\d{6}/.exec(panel.mails[0]?.text ?? '')?.[0] ?? '';
  const wrong = await go('/login/otp.php', { cookie, fields: { code: 'x', ...tokenOf(page.body) } });
  assert.equal(wrong.status, 200);
  assert.equal((await database.first('SELECT otp_attempts FROM sys_user WHERE userid = 3'))?.otp_attempts, 1);
  const used = await go('/login/otp.php', { cookie, fields: { code, ...tokenOf(page.body) } });
  assert.equal(used.status, 200, 'a token serves once');
  const right = await go('/login/otp.php', { cookie, fields: { code, ...tokenOf(used.body) } });
  assert.equal(right.location, '../index.php');
  assert.equal(right.setCookies.length, 0);
  assert.match((await go('/index.php', { cookie })).body, /Logout client1/);
});

test('login as skips the code by e-mail, and otp.php is nothing for strangers', async () => {
  const { go, login, database } = await standIn();
  await database.query("UPDATE sys_user SET otp_type = 'email' WHERE userid = 3");
  const { cookie } = await login(accounts.admin);
  const row = await database.first('SELECT passwort FROM sys_user WHERE userid = 3');
  const fields = { username: 'client1', password: String(row?.passwort), login_as: '1' };
  assert.match((await go('/login/index.php', { cookie, fields })).body, /^LOGIN_REDIRECT:/);
  assert.equal((await go('/login/otp.php')).location, 'index.php');
});

test('an older panel has no such columns and no such select', async () => {
  const { go, login, database } = await standIn({ otpColumns: false });
  const { cookie } = await login(accounts.client1);
  const page = await go('/tools/user_settings.php', { cookie });
  assert.doesNotMatch(page.body, /otp_type/);
  await assert.rejects(database.query('SELECT otp_type FROM sys_user'));
});

test("newer development: TOTP of the panel's own is proven in the settings, and asked for at the login", async () => {
  const { go, login, database } = await standIn({ totp: true });
  const secret = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';
  const stored = async () => {
    const row = await database.first('SELECT otp_type, otp_data FROM sys_user WHERE userid = 3');
    return [row?.otp_type, row?.otp_data];
  };
  const { cookie } = await login(accounts.client1);
  const settings = async (fields: Record<string, string>) => {
    const token = tokenOf((await go('/tools/user_settings.php', { cookie })).body);
    const all = { otp_type: 'totp', totp_secret: secret, passwort: '', repeat_password: '', ...fields };
    return go('/tools/user_settings.php', { cookie, fields: { ...token, ...all } });
  };
  const wrong = await settings({ totp_verification_code: '1234567' });
  assert.deepEqual([wrong.status, await stored()], [200, ['none', null]]);
  assert.match(wrong.body, /alert-danger.*verification code is incorrect/s);
  assert.equal((await settings({ totp_verification_code: code(secret) })).status, 302);
  assert.deepEqual(await stored(), ['totp', JSON.stringify({ totp_secret: secret })]);
  const page = await go('/tools/user_settings.php', { cookie });
  assert.match(page.body, /name="totp_secret" value="\(already_set\)"/);
  assert.equal(page.body.match(/class="btn btn-default formbutton-success"/g)?.length, 2);

  const reply = await login(accounts.client1);
  assert.equal(reply.location, 'otp.php');
  const form = await go('/login/otp.php', { cookie: reply.cookie });
  const again = { cookie: reply.cookie, fields: { code: '000', ...tokenOf(form.body) } };
  const refused = await go('/login/otp.php', again);
  const typed = { code: code(secret), ...tokenOf(refused.body) };
  assert.equal(
    (await go('/login/otp.php', { cookie: reply.cookie, fields: typed })).location,
    '../index.php',
  );
  assert.equal((await settings({ otp_type: 'none' })).status, 302);
  assert.deepEqual(await stored(), ['none', JSON.stringify({ totp_secret: secret })], 'the key stays');
});
