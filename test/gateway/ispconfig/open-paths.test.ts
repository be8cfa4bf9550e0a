import assert from 'node:assert/strict';
import { test } from 'node:test';
import { accounts } from '../../support/ispconfig/accounts.js';
import { behindGateway } from './setup.js';

const setup = await behindGateway({
  config: {
    paths: {
      public: ['/themes/brand/title.php', { path: '/nic/update', methods: ['GET', 'DELETE'] }],
      passThrough: ['/webmail'],
    },
  },
});
const { go, heard, person, gateway } = setup;

interface Echo {
  readonly method: string;
  readonly target: string;
  readonly headers: readonly (readonly [string, string])[];
  readonly body: string;
}
async function webmail(target: string, request: Parameters<typeof go>[1] = {}) {
  const reply = await go(target, request);
  assert.equal(reply.status, 200, `${target} ${reply.body.slice(0, 200)}`);
  const echo = JSON.parse(reply.body) as Echo;
  return {
    ...echo,
    setCookies: reply.setCookies,
    header: (name: string) => echo.headers.find(([key]) => key === name)?.[1],
  };
}

test('what passes through does so untouched: any method, its body, its cookies and its spelling', async () => {
  for (const method of ['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS', 'PROPFIND']) {
    const hasBody = method !== 'GET' && method !== 'OPTIONS';
    const echo = await webmail('/webmail/api/m%C3%A4il//x.php/y?a=%2e%2e/', {
      method,
      cookie: 'rc_session=1; other=a b',
      ...(hasBody && { body: '\x00\xff{"a":1}' }),
      headers: { authorization: 'Basic eDp5', 'x-forwarded-for': '1.2.3.4' },
    });
    assert.deepEqual([echo.method, echo.target], [method, '/webmail/api/m%C3%A4il//x.php/y?a=%2e%2e/']);
    assert.equal(echo.header('cookie'), 'rc_session=1; other=a b');
    assert.equal(echo.header('authorization'), 'Basic eDp5');
    assert.notEqual(echo.header('x-forwarded-for'), '1.2.3.4');
    if (hasBody) assert.equal(Buffer.from(echo.body, 'latin1').toString(), '\x00\xff{"a":1}');
  }
  const { setCookies } = await webmail('/webmail/?cookie=rc_session=2;path=/webmail');
  assert.deepEqual(setCookies, ['rc_session=2;path=/webmail']);
  assert.equal((await go('/webmail')).status, 200);
});

test('what passes through gets neither the session of the panel nor our clearance, and cannot set them', async () => {
  const { name, password } = accounts.client1;
  const login = await go('/login/index.php', { fields: { username: name, password } });
  const echo = await webmail('/webmail/', { cookie: `a=1; ${login.cookie}; panel-2fa=x; %49SPCSESS=1; b=2` });
  assert.equal(echo.header('cookie'), 'a=1; b=2');
  for (const cookie of ['ISPCSESS=planted', 'ispcsess=x', 'panel-2fa=x', '__Host-panel-2fa=x'])
    assert.deepEqual((await webmail(`/webmail/?cookie=${cookie}`)).setCookies, [], cookie);
});

test('A21 nothing of the panel is reached through a folder that passes', async () => {
  await person(accounts.client1).enrol();
  const waiting = await go('/login/index.php', {
    fields: { username: accounts.client1.name, password: accounts.client1.password },
  });
  const requests = await heard(async () => {
    for (const target of [
      '/webmail/../index.php',
      '/webmail/%2e%2e/index.php',
      '/webmail/.%2E/index.php',
      '/webmail/..%2findex.php',
      '/webmail/x%2f..%2f..%2findex.php',
      '/webmail/%252e%252e/index.php',
      '/webmail/..;/index.php',
      '/webmail/..\\index.php',
      '/webmail/%5c..%5cindex.php',
      '/webmail/./../index.php',
      '/webmail/%00/../index.php',
      '/webmail/%zz',
      '//webmail/',
    ]) {
      const reply = await go(target, { cookie: waiting.cookie });
      assert.equal(reply.status, 400, target);
    }
    for (const target of ['/webmailer.php', '/webmail2/', '/Webmail/', '/phpmyadmin/'])
      assert.notEqual((await go(target, { cookie: waiting.cookie })).status, 200, target);
  });
  assert.deepEqual(requests, []);
});

test("an add-on's endpoint and a theme's file answer everybody, by their methods and at their exact address", async () => {
  assert.equal((await go('/nic/update?hostname=a')).body, 'GET /nic/update');
  assert.equal((await go('/nic/update', { method: 'DELETE' })).body, 'DELETE /nic/update');
  assert.equal((await go('/themes/brand/title.php')).body, 'GET /themes/brand/title.php');
  const requests = await heard(async () => {
    assert.equal((await go('/nic/update', { method: 'POST', body: 'a=b' })).status, 405);
    assert.equal((await go('/themes/brand/title.php', { body: 'a=b' })).status, 405);
    for (const target of ['/nic/update/', '/nic/', '/ddns/update.php', '/themes/brand/other.php'])
      assert.equal((await go(target)).status, 303, target);
    assert.equal((await go('/nic/./update')).status, 400);
  });
  assert.deepEqual(requests, []);
  assert.match(gateway.output, /"open":\["\/themes\/brand\/title\.php","\/nic\/update","\/webmail\/"\]/);
});

test('a public file of a theme opens nothing else, in whatever spelling', async () => {
  const requests = await heard(async () => {
    for (const target of [
      '//themes/brand/title.php',
      '/themes//brand/title.php',
      '/themes/./brand/title.php',
      '/themes/brand/../brand/title.php',
      '/themes/brand/title%2ephp',
      '/themes/brand/title.php/',
      '/themes/brand/title.php/x',
      '/themes/brand/title.php/../../../index.php',
      '/themes/brand/title.php%00',
      '/themes/brand/title.php;x',
      '/themes/brand/title.PHP',
      '/themes/brand/%74itle.php',
      '/themes/brand\\title.php',
      // MultiViews would find the file by these.
      '/themes/brand/title',
      '/themes/brand/title.php.en',
      '/themes/brand/TITLE.php',
      '/themes/BRAND/title.php',
    ]) {
      const { status } = await go(target);
      assert.ok(status === 400 || status === 303, `${target}: ${status}`);
    }
    for (const method of ['POST', 'PUT', 'DELETE', 'PATCH', 'OPTIONS'])
      assert.equal((await go('/themes/brand/title.php', { method })).status, 405, method);
  });
  assert.deepEqual(requests, []);
  assert.equal((await go('/themes/brand/title.php?brand=a')).status, 200, 'a query is its own affair');
});
