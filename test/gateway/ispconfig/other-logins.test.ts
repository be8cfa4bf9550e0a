import assert from 'node:assert/strict';
import { test } from 'node:test';
import { accounts } from '../../support/ispconfig/accounts.js';
import { behindGateway } from './setup.js';

const { gateway, person, go, panel, login, database } = await behindGateway();
const factor = await person(accounts.client1).enrol();
const fields = { username: accounts.client1.name, password: accounts.client1.password };

test('A18 a login as another account under an open session is asked for its code', async () => {
  const open = await login(accounts.client2);
  const cookie = `${open.cookie}`;
  assert.match((await go('/index.php', { cookie })).body, /Logout client2/);
  const ignored = await go('/login/index.php', { cookie, fields });
  assert.equal(ignored.location, '/index.php', 'the panel ignores it');
  assert.match((await go('/index.php', { cookie })).body, /Logout client2/);
});

test('the login page works for a waiting session only after its own logout', async () => {
  const somebody = await person(accounts.client1).wait();
  assert.equal((await somebody.post('/login/index.php', fields)).location, '/2fa/login');
  assert.equal((await somebody.get('/login/password_reset.php')).location, '/2fa/login');
  assert.match((await somebody.get('/login/logout.php')).body, /URL_REDIRECT:index.php/);
  assert.match((await somebody.get('/login/')).body, /name="username"/);
  await somebody.enter(factor);
  assert.equal(await somebody.nameInShell(), 'client1');
});

test('letter case, backslashes and both names of a mailbox are the same account with its factor', async () => {
  await database.query("UPDATE mail_user SET login = 'another@example.test' WHERE mailuser_id = 1");
  const box = await person(accounts.mbox).enrol();
  for (const [account, other] of [
    [accounts.client1, { name: 'CLIENT1', password: 'cl\\ient-Passw0rd!' }],
    [accounts.mbox, { name: 'MBox@EXAMPLE.test', password: accounts.mbox.password }],
    [accounts.mbox, { name: 'another@example.test', password: accounts.mbox.password }],
  ] as const) {
    const somebody = person({ ...account, ...other });
    assert.equal((await somebody.logIn()).status, 302, other.name);
    assert.equal((await somebody.get('/index.php')).location, '/2fa/login', other.name);
    const mine = account === accounts.mbox ? box : factor;
    assert.equal((await somebody.giveCode(mine.recoveryCode)).location, '/index.php');
  }
});

test('A24 the stored hash of "login as" is no password: without a session, and from one that waits', async () => {
  const row = await database.first('SELECT passwort FROM sys_user WHERE userid = 4');
  const form = { username: 'client2', password: String(row?.passwort), login_as: '1' };
  const stranger = person(accounts.client2);
  assert.doesNotMatch((await stranger.post('/login/index.php', form)).body, /LOGIN_REDIRECT/);
  assert.equal((await stranger.get('/index.php')).location, '/login/');
  const waiting = await person(accounts.client1).wait();
  for (const path of ['/login/index.php', '/login/', '/login/login_as.php?cid=3', '/capp.php?mod=tools'])
    assert.equal((await waiting.post(path, form)).location, '/2fa/login', path);
  assert.equal(await waiting.nameInShell(), undefined);
});

test("A24 a session that becomes somebody's by a page that nobody knows is asked for the code", async () => {
  const visitor = person(accounts.client1);
  await visitor.get('/login/');
  // As the forced change of a password in newer panels: no login comes by, and the id stays.
  const elsewhere = (await login(accounts.client1)).cookie.slice('ISPCSESS='.length);
  const move = `UPDATE sys_session AS here, sys_session AS there SET here.session_data = there.session_data
    WHERE here.session_id = ? AND there.session_id = ?`;
  await database.query(move, [visitor.sessionId, elsewhere]);
  assert.equal((await visitor.get('/index.php')).location, '/2fa/login');
  assert.equal((await visitor.get('/login/password_change.php')).location, '/2fa/login');
  assert.equal((await visitor.giveCode(factor.recoveryCode)).location, '/index.php');
  assert.equal(await visitor.nameInShell(), 'client1');
});

test('A24 A28 a password reset by mail logs nobody in, and its new password is asked for the code', async () => {
  const stranger = person(accounts.client1);
  const page = await stranger.get('/login/password_reset.php');
  await stranger.submit(page, { username: 'client1', email: 'client1@example.org' });
  const link = new URL(panel.mails.at(-1)?.text ?? '');
  assert.equal(
    link.host,
    `127.0.0.1:${gateway.port}`,
    'the link has the public host, whatever the client says',
  );
  assert.match((await stranger.get(link.pathname + link.search)).body, /name="username"/);
  assert.equal((await stranger.get('/index.php')).location, '/login/');
  stranger.password = panel.mails.at(-1)?.text.slice('Password: '.length) ?? '';
  await stranger.enter(factor);
});

test('the host of a reset link is the public one even when the client names another', async () => {
  await go('/login/password_reset.php', {
    fields: { username: 'client2', email: 'client2@example.org' },
    headers: { host: 'evil.test', 'x-forwarded-host': 'evil.test' },
  });
  assert.equal(new URL(panel.mails.at(-1)?.text ?? '').host, `127.0.0.1:${gateway.port}`);
});
