import assert from 'node:assert/strict';
import { test } from 'node:test';
import { accounts } from '../support/ispconfig/accounts.js';
import { arrayIn } from '../support/ispconfig/visit.js';
import { standIn } from './stand-in.js';

test('the login page sets a cookie only when none that is well formed came', async () => {
  const { go, database } = await standIn();
  const first = await go('/login/');
  assert.match(first.setCookies[0] ?? '', /^ISPCSESS=[a-v0-9]{26}; path=\/; HttpOnly; SameSite=Lax$/);
  assert.equal((await go('/login/', { cookie: first.cookie })).setCookies.length, 0);
  assert.equal((await go('/login/', { cookie: 'ISPCSESS=attackerchosen0001' })).setCookies.length, 0);
  assert.equal((await go('/login/', { cookie: 'ISPCSESS=a_b' })).setCookies.length, 0);
  assert.equal((await go('/login/', { cookie: 'ISPCSESS=a"b' })).setCookies.length, 1);
  assert.equal((await database.sessions()).length, 4);
});

test('a right password answers a relative 302 and another id, whose row is there at once', async () => {
  const { go, login, database } = await standIn();
  const before = await go('/login/');
  const reply = await login(accounts.client1, { cookie: before.cookie });
  assert.equal(reply.status, 302);
  assert.equal(reply.location, '../index.php');
  assert.equal(reply.setCookies.length, 1);
  assert.notEqual(reply.cookie, before.cookie);
  const [session, ...others] = await database.sessions();
  assert.equal(others.length, 0);
  assert.equal(`ISPCSESS=${session?.id}`, reply.cookie);
  const user = arrayIn(arrayIn(session?.data ?? {}, 's'), 'user');
  assert.equal(user.userid, '3');
  assert.equal(user.active, '1');
});

test('without session_regenerate_id the planted id becomes the logged-in one', async () => {
  const { go, login } = await standIn({ sessionRegenerateId: false });
  const cookie = 'ISPCSESS=attackerchosen0001';
  const reply = await login(accounts.client1, { cookie });
  assert.equal(reply.status, 302);
  assert.equal(reply.setCookies.length, 0);
  assert.match((await go('/index.php', { cookie })).body, /Logout client1/);
});

test('everybody logs in, whatever way the password is stored', async () => {
  const { login, database } = await standIn();
  const { apiuser: _, ...people } = accounts;
  for (const account of Object.values(people))
    assert.equal((await login(account)).location, '../index.php', account.name);
  const row = await database.first('SELECT passwort FROM sys_user WHERE userid = 5');
  assert.match(String(row?.passwort), /^\$6\$/, 'md5 is replaced');
});

test('letter case, backslashes and multipart make no difference', async () => {
  const { go, login, database } = await standIn();
  assert.equal((await login({ ...accounts.admin, name: 'ADMIN' })).status, 302);
  assert.equal((await login({ ...accounts.client1, password: 'cl\\ient-Passw0rd!' })).status, 302);
  const typed = 'MBox@EXAMPLE.test';
  assert.equal((await login({ ...accounts.mbox, name: typed })).status, 302);
  const users = (await database.sessions()).map(({ data }) => arrayIn(arrayIn(data, 's'), 'user'));
  assert.deepEqual(users.map((user) => user.username).sort(), ['MBox@EXAMPLE.test', 'admin', 'client1']);
  const mailbox = users.find((user) => user.username === typed);
  assert.equal(mailbox?.userid, 0);
  assert.equal(mailbox?.active, 1);
  assert.equal(mailbox?.mailuser_id, '1');
  const part = (name: string, value: string) =>
    `--xx\r\nContent-Disposition: form-data; name="${name}"\r\n\r\n${value}\r\n`;
  const body = `${part('username', 'admin')}${part('password', accounts.admin.password)}--xx--\r\n`;
  const headers = { 'content-type': 'multipart/form-data; boundary=xx' };
  assert.equal((await go('/login/index.php', { body, headers })).status, 302);
});

test('a login is one under every spelling of its address, and under no other', async () => {
  const { go } = await standIn();
  const fields = { username: 'client1', password: accounts.client1.password };
  const spellings = ['/login/', '//login/index.php', '/login//index.php', '/login/./index.php'];
  for (const target of [...spellings, '/%6cogin/index.php', '/login/index%2ephp', '/x/../login/index.php'])
    assert.equal((await go(target, { fields })).status, 302, target);
  for (const target of ['/LOGIN/', '/login/index.php/x', '/login/index.php;x'])
    assert.equal((await go(target, { fields })).status, 404, target);
  assert.equal((await go(`/login/index.php?${new URLSearchParams(fields)}`)).status, 200);
});

test('a failure is a 200 with its mark', async () => {
  const { go, login, database } = await standIn();
  const mark = /<div class="alert alert-danger" role="alert"><div class="box box_error">([^<]+)</;
  const textOf = async (fields: Record<string, string>) => {
    const reply = await go('/login/index.php', { fields });
    assert.equal(reply.status, 200);
    await database.query('DELETE FROM attempts_login');
    return mark.exec(reply.body)?.[1];
  };
  const wrong = 'Username or Password wrong.';
  assert.equal(await textOf({ username: 'client1', password: 'x' }), wrong);
  assert.equal(await textOf({ username: 'nobody', password: 'x' }), wrong);
  await database.query('UPDATE sys_user SET active = 0 WHERE userid = 3');
  assert.equal(await textOf({ username: 'client1', password: 'x' }), wrong);
  const { password } = accounts.client1;
  assert.equal(await textOf({ username: 'client1', password }), 'User is blocked.');
  assert.match((await textOf({ username: 'a b', password })) ?? '', /^Username contains/);
  assert.match((await textOf({ username: 'client1', password: '' })) ?? '', /^The password length/);
  assert.equal((await login(accounts.admin)).status, 302);
});

test('who is logged in is sent inside, whatever he posts', async () => {
  const { go, login } = await standIn();
  const { cookie } = await login(accounts.client1);
  assert.equal((await go('/login/', { cookie })).location, '/index.php');
  assert.equal((await login(accounts.admin, { cookie })).location, '/index.php');
  assert.match((await go('/index.php', { cookie })).body, /Logout client1/);
});

test('in maintenance only an admin gets in', async () => {
  const { go, login } = await standIn({ maintenance: true });
  assert.match((await go('/login/')).body, /box_error/);
  assert.equal((await login(accounts.client1)).status, 200);
  assert.equal((await login(accounts.admin)).status, 302);
});
