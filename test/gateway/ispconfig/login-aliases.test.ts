import assert from 'node:assert/strict';
import { test } from 'node:test';
import { accounts } from '../../support/ispconfig/accounts.js';
import { exchange } from '../raw.js';
import { behindGateway } from './setup.js';

const { gateway, person, go, heard, panel } = await behindGateway();
await person(accounts.client1).enrol();
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
