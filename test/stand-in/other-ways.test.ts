import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { request } from 'node:http';
import { join } from 'node:path';
import { test } from 'node:test';
import { createConnection } from 'mysql2/promise';
import { accounts } from '../support/ispconfig/accounts.js';
import { tempFolder } from '../support/temp-folder.js';
import { standIn } from './stand-in.js';

test('the remote API gives tokens to its users, and to clients only who may', async () => {
  const { go, database } = await standIn();
  const call = async (method: string, value: unknown) =>
    JSON.parse((await go(`/remote/json.php?${method}`, { body: JSON.stringify(value) })).body);
  const { name, password } = accounts.apiuser;
  const { code, response } = await call('login', { username: name, password });
  assert.equal(code, 'ok');
  const got = await call('client_get', { session_id: response, client_id: 2 });
  assert.equal(got.response.username, 'client1');
  const client = { username: 'client1', password: accounts.client1.password };
  const asked = await call('client_login_get', { session_id: response, ...client });
  assert.equal(asked.response.username, 'client1');
  const refused = await call('login', { ...client, client_login: true });
  assert.equal(refused.message, 'The login failed. Client may not use api.');
  await database.query("UPDATE client SET can_use_api = 'y'");
  assert.equal((await call('login', { ...client, client_login: true })).code, 'ok');
  assert.equal((await call('logout', { session_id: response })).response, true);
  assert.equal((await call('client_get', { session_id: response, client_id: 2 })).code, 'remote_fault');
  assert.equal((await database.sessions()).length, 0);
});

test('SOAP does the same by order of arguments', async () => {
  const { go } = await standIn();
  const envelope = (inside: string) =>
    `<?xml version="1.0"?><e:Envelope xmlns:e="http://schemas.xmlsoap.org/soap/envelope/"><e:Body>${inside}</e:Body></e:Envelope>`;
  const login = (password: string) =>
    go('/remote/index.php', {
      body: envelope(`<ns1:login><param0>apiuser</param0><param1>${password}</param1></ns1:login>`),
    });
  assert.match((await login(accounts.apiuser.password)).body, /<return>t[0-9a-f]{40}<\/return>/);
  assert.match((await login('x')).body, /Username or password wrong/);
});

test('a password is reset by mail, with a link to whatever host was asked', async () => {
  const { go, login, panel } = await standIn();
  const fields = { username: 'client1', email: 'client1@example.org' };
  await go('/login/password_reset.php', { fields, headers: { host: 'evil.test' } });
  const link = new URL(panel.mails[0]?.text ?? '');
  assert.equal(link.host, 'evil.test');
  const reply = await go(link.pathname + link.search);
  assert.equal(reply.status, 200);
  const password = panel.mails[1]?.text.slice('Password: '.length) ?? '';
  assert.equal((await login({ ...accounts.client1, password })).status, 302);
});

test("the gateway's database user reads some columns and changes nothing", async () => {
  const { database, login } = await standIn();
  await login(accounts.client1);
  const connection = await createConnection(database.readOnlyUrl);
  try {
    const [rows] = await connection.query('SELECT session_id, session_data FROM sys_session');
    assert.equal((rows as unknown[]).length, 1);
    await connection.query('SELECT userid, username, passwort, default_group FROM sys_user');
    await assert.rejects(connection.query('SELECT app_theme FROM sys_user'), /denied/);
    await assert.rejects(connection.query('SELECT * FROM attempts_login'), /denied/);
    await assert.rejects(connection.query('DELETE FROM sys_session'), /denied/);
  } finally {
    await connection.end();
  }
});

test('it misbehaves on demand', async () => {
  const { go, login, panel, database } = await standIn();
  const { cookie } = await login(accounts.client1);
  panel.misbehaviour.keepsSessions = true;
  assert.equal((await go('/login/logout.php?l=1', { cookie })).body, 'URL_REDIRECT:index.php');
  assert.match((await go('/index.php', { cookie })).body, /Logout client1/);
  panel.misbehaviour.keepsSessions = false;
  panel.misbehaviour.breaksOff = true;
  await assert.rejects(go('/index.php', { cookie }), /aborted/);
  panel.misbehaviour.breaksOff = false;
  panel.misbehaviour.slowness = 100;
  const start = Date.now();
  await go('/keepalive.php', { cookie });
  assert.ok(Date.now() - start >= 100);
  panel.misbehaviour.answers.set('/keepalive.php', { status: 418, body: 'tea' });
  assert.equal((await go('/keepalive.php')).status, 418);
  assert.equal(panel.requests.at(-1)?.target, '/keepalive.php');
  await panel.stop();
  await assert.rejects(go('/login/'), /ECONNREFUSED/);
  await panel.start();
  assert.equal((await go('/index.php', { cookie })).status, 200);
  assert.equal((await database.sessions()).length, 1);
});

test('it listens on a unix socket, where the address is what the web server believes', async () => {
  const socketPath = join(tempFolder(), 'panel.sock');
  const { panel, database } = await standIn({ listen: socketPath, trustRealIp: true });
  assert.equal(panel.url, `http+unix:${socketPath}`);
  const post = (headers: Record<string, string>) =>
    new Promise((resolve, reject) => {
      const type = { 'content-type': 'application/x-www-form-urlencoded' };
      const options = {
        socketPath,
        path: '/login/index.php',
        method: 'POST',
        headers: { ...type, ...headers },
      };
      request(options, (response) => response.resume().on('end', resolve))
        .on('error', reject)
        .end('username=client1&password=x');
    });
  await post({ 'x-forwarded-for': '203.0.113.9' });
  await post({});
  const keys = (await database.query('SELECT ip FROM attempts_login')).map(({ ip }) => ip);
  const md5 = (text: string) => createHash('md5').update(text).digest('hex');
  assert.deepEqual(keys.toSorted(), [md5('203.0.113.9'), md5('unix:')].sort());
});
