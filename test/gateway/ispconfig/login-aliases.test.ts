import assert from 'node:assert/strict';
import { test } from 'node:test';
import { accounts } from '../../support/ispconfig/accounts.js';
import { exchange } from '../raw.js';
import { behindGateway } from './setup.js';

const { gateway, person, go, heard, panel, login, database } = await behindGateway();
const factor = await person(accounts.client1).enrol();
const fields = { username: accounts.client1.name, password: accounts.client1.password };
const body = new URLSearchParams(fields).toString();
const INSIDE = /Logout client1|id="pageForm"|Welcome client1/;

/** Spellings that the web server takes for the login, and some that another one would. */
const ALIASES = [
  '//login/index.php',
  '/login//index.php',
  '/login/./index.php',
  '/x/../login/index.php',
  '/login/%2e/index.php',
  '/%6cogin/index.php',
  '/login/index%2ephp',
  '/%6c%6f%67%69%6e/',
  '/login%2findex.php',
  '/login/index.php/x',
  '/login/index.php;x',
  '/LOGIN/index.php',
  '/login/INDEX.PHP',
  '/login/index.php%00',
  '/login\\index.php',
] as const;

for (const target of ALIASES) {
  test(`a login under ${target} never reaches the panel`, async () => {
    const requests = await heard(async () => {
      const reply = await go(target, { fields });
      assert.equal(reply.status, 400, reply.body);
      assert.equal(reply.setCookies.length, 0);
    });
    assert.deepEqual(requests, []);
  });
}

/** Logs in there, and proves that the session it gave waits for the code. */
async function assertAsksForCode(cookie: string, what: string): Promise<void> {
  assert.match(cookie, /^ISPCSESS=/, `${what}: no session`);
  for (const target of ['/index.php', '/', '/dashboard/dashboard.php', '/login/', '/login/index.php']) {
    const reply = await go(target, { cookie });
    assert.equal(reply.location, '/2fa/login', `${what}: ${target}`);
    assert.doesNotMatch(reply.body, INSIDE);
  }
}

for (const target of ['/login/', '/login/index.php', '/login/index.php?x=1', '/login/?twofa=expired']) {
  test(`a login by POST ${target} is asked for the code`, async () => {
    const reply = await go(target, { fields });
    assert.equal(reply.status, 302);
    await assertAsksForCode(reply.cookie, target);
  });
}

test('a login as multipart/form-data is asked for the code', async () => {
  const part = ([name, value]: string[]) =>
    `--xx\r\nContent-Disposition: form-data; name="${name}"\r\n\r\n${value}\r\n`;
  const reply = await go('/login/index.php', {
    body: `${Object.entries(fields).map(part).join('')}--xx--\r\n`,
    headers: { 'content-type': 'multipart/form-data; boundary=xx' },
  });
  assert.equal(reply.status, 302);
  await assertAsksForCode(reply.cookie, 'multipart');
});

test('a login in chunks is asked for the code', async () => {
  const answer = await exchange(gateway.port, [
    'POST /login/index.php HTTP/1.1',
    `Host: 127.0.0.1:${gateway.port}`,
    'Connection: close',
    'Content-Type: application/x-www-form-urlencoded',
    'Transfer-Encoding: chunked',
    '',
    body.length.toString(16),
    body,
    '0',
    '',
    '',
  ]);
  await assertAsksForCode(/ISPCSESS=[a-v0-9]{26}/.exec(answer)?.[0] ?? '', 'chunked');
});

test('a login by HTTP/1.0 is asked for the code', async () => {
  const answer = await exchange(gateway.port, [
    'POST /login/index.php HTTP/1.0',
    `Host: 127.0.0.1:${gateway.port}`,
    'Content-Type: application/x-www-form-urlencoded',
    `Content-Length: ${body.length}`,
    '',
    body,
  ]);
  assert.match(answer, /^HTTP\/1\.[01] 302 /);
  await assertAsksForCode(/ISPCSESS=[a-v0-9]{26}/.exec(answer)?.[0] ?? '', 'HTTP/1.0');
});

test('a login in absolute form is refused, whatever host it names', async () => {
  for (const host of [`127.0.0.1:${gateway.port}`, new URL(panel.url).host, 'evil.test']) {
    const requests = await heard(async () => {
      const reply = await go(`http://${host}/login/index.php`, { fields });
      assert.equal(reply.status, 400, host);
    });
    assert.deepEqual(requests, []);
  }
});

for (const method of ['PUT', 'DELETE', 'PATCH', 'OPTIONS', 'TRACE', 'PROPFIND', 'SEARCH']) {
  test(`a login by ${method} never reaches the panel`, async () => {
    const requests = await heard(async () => {
      const reply = await go('/login/index.php', { method, fields });
      assert.equal(reply.status, 405);
    });
    assert.deepEqual(requests, []);
  });
}

test('credentials in the query log nobody in', async () => {
  const reply = await go(`/login/index.php?${body}`);
  assert.equal(reply.status, 200);
  assert.equal((await go('/index.php', { cookie: reply.cookie })).location, '/login/');
});

test('a method that another header names does not count', async () => {
  const headers = {
    'x-http-method-override': 'POST',
    'x-original-url': '/index.php',
    'x-rewrite-url': '/index.php',
  };
  const requests = await heard(() => go(`/login/?${body}`, { headers }));
  assert.deepEqual(
    requests.flatMap((request) =>
      request.headers.map(([name]) => name).filter((name) => /^x-(?!forw|real)/.test(name)),
    ),
    [],
  );
});

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

test('A24 a password reset by mail logs nobody in, and its new password is asked for the code', async () => {
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
