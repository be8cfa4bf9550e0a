import assert from 'node:assert/strict';
import { test } from 'node:test';
import { accounts } from '../support/ispconfig/accounts.js';
import { routes } from '../support/ispconfig/routes.js';
import { staticPaths } from '../support/ispconfig/static.js';
import { standIn, tokenOf } from './stand-in.js';

test('strangers are sent away from every page but the public ones', async () => {
  const { go } = await standIn();
  for (const { path, kind } of routes) {
    const reply = await go(path);
    if (kind === 'module') assert.equal(reply.location, '/index.php', path);
    if (kind === 'public') assert.equal(reply.status, 200, path);
    if (kind === 'sessionless') assert.equal(reply.setCookies.length, 0, path);
  }
  assert.equal((await go('/index.php')).location, '/login/');
  assert.equal((await go('/datalogstatus.php')).location, '/login/');
  assert.equal((await go('/capp.php?mod=tools')).body, 'URL_REDIRECT: /index.php');
  for (const path of staticPaths) assert.equal((await go(path)).status, 200, path);
});

test('a module is changed by a word, and the shell starts there', async () => {
  const { go, login } = await standIn();
  const { cookie } = await login(accounts.client1);
  assert.match((await go('/index.php', { cookie })).body, /data-startpage="dashboard\/dashboard.php"/);
  assert.equal((await go('/capp.php?mod=tools', { cookie })).body, 'HEADER_REDIRECT:tools/user_settings.php');
  assert.match((await go('/index.php', { cookie })).body, /data-startpage="tools\/user_settings.php"/);
  assert.match((await go('/nav.php?nav=side', { cookie })).body, /<li id='user_settings' >/);
  assert.match((await go('/nav.php?nav=top', { cookie })).body, /data-capp="tools"/);
  assert.equal((await go('/datalogstatus.php', { cookie })).body, '{"count":0,"entries":[]}');
  assert.equal((await go('/admin/users_list.php', { cookie })).location, '/index.php');
});

test('a user without Tools and a mailbox have pages of their own only', async () => {
  const { go, login } = await standIn();
  const client = (await login(accounts.client3)).cookie;
  assert.equal((await go('/tools/user_settings.php', { cookie: client })).location, '/index.php');
  const mailbox = (await login(accounts.mbox)).cookie;
  assert.equal((await go('/mail/mail_user_list.php', { cookie: mailbox })).location, '/index.php');
  assert.equal((await go('/mailuser/index.php', { cookie: mailbox })).status, 200);
});

test('a saved form answers a relative 302, a bad token a 500, a mistake a 200', async () => {
  const { go, login, panel } = await standIn();
  const { cookie } = await login(accounts.client1);
  const path = '/tools/user_settings.php';
  const token = tokenOf((await go(path, { cookie })).body);
  assert.match(token._csrf_id ?? '', /^usersettings_[0-9a-f]{24}$/);
  const save = (fields: Record<string, string>) => go(path, { cookie, fields: { ...token, ...fields } });
  assert.equal((await save({ language: 'de', px_code: '1' })).location, 'user_settings.php');
  assert.equal((await save({ language: 'en' })).location, 'user_settings.php', 'a token serves again');
  assert.equal((await save({ passwort: 'a', repeat_password: 'b' })).status, 200);
  assert.equal((await save({ app_theme: 'dark' })).status, 200, 'another theme is no 302');
  assert.equal((await save({ _csrf_key: 'x' })).status, 500);
  assert.equal((await save({ passwort: 'new-Passw0rd!', repeat_password: 'new-Passw0rd!' })).status, 302);
  assert.equal((await go(path, { cookie })).status, 200, 'other passwords end no session');
  assert.equal((await login({ ...accounts.client1, password: 'new-Passw0rd!' })).status, 302);
  assert.ok(panel.fieldNames().includes('px_code'));
});

test('a mailbox saves its password, whatever is repeated', async () => {
  const { go, login } = await standIn();
  const { cookie } = await login(accounts.mbox);
  const path = '/mailuser/mail_user_password_edit.php';
  const fields = { ...tokenOf((await go(path, { cookie })).body), password: 'one', repeat_password: 'two' };
  assert.equal((await go(path, { cookie, fields })).location, 'index.php');
  assert.equal((await login({ ...accounts.mbox, password: 'one' })).status, 302);
});

test('an admin edits a panel user', async () => {
  const { go, login, database } = await standIn();
  const { cookie } = await login(accounts.admin);
  assert.match(
    (await go('/admin/users_list.php', { cookie })).body,
    /data-load-content="admin\/users_edit.php\?id=3"/,
  );
  const page = await go('/admin/users_edit.php?id=3', { cookie });
  const fields = {
    ...tokenOf(page.body),
    id: '3',
    username: 'client1',
    otp_type: 'email',
    'modules[]': 'mail',
  };
  assert.equal((await go('/admin/users_edit.php', { cookie, fields })).location, 'users_list.php');
  const row = await database.first('SELECT * FROM sys_user WHERE userid = 3');
  assert.deepEqual([row?.otp_type, row?.modules, row?.active], ['email', 'mail', 0]);
});

test('a filter that looks like a session is stored as it is', async () => {
  const { go, login, database } = await standIn();
  const { cookie } = await login(accounts.client1);
  const trap = 'X}s|a:1:{s:4:"user";a:2:{s:6:"userid";s:1:"1";s:6:"active";s:1:"1";}}ü';
  await go('/mail/mail_user_list.php', { cookie, fields: { search_name: trap } });
  const [session] = await database.sessions();
  assert.ok(session?.text.includes(trap));
  assert.match((await go('/index.php', { cookie })).body, /Logout client1/);
});

test('PHP answers in chunks, and compressed when asked', async () => {
  const { go } = await standIn();
  const plain = await go('/login/');
  assert.equal(plain.headers['transfer-encoding'], 'chunked');
  assert.equal(plain.headers['content-length'], undefined);
  const packed = await go('/login/', { headers: { 'accept-encoding': 'gzip' } });
  assert.equal(packed.headers['content-encoding'], 'gzip');
  const { panel } = await standIn();
  const response = await fetch(`${panel.url}/login/`, { headers: { 'accept-encoding': 'gzip' } });
  assert.match(await response.text(), /name="username"/);
});

test('parameters of certain names kill a request, and suspicious ones stop a stranger', async () => {
  const { go, login } = await standIn();
  for (const query of ['s=1', 's[a]=1', 's_old=1', 'conf=1', 'GLOBALS=1']) {
    const reply = await go(`/login/?${query}`);
    assert.match(reply.body, /var override attempt/, query);
    assert.equal(reply.setCookies.length, 0, 'there is no session yet');
  }
  assert.match((await go('/login/?next=%22%3E%3Cscript%20src=//x%3E')).body, /Possible attack detected/);
  const strange = { ...accounts.client1, password: '<script>' };
  assert.match((await login(strange)).body, /Username or Password wrong/);
});
