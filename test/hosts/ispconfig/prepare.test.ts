import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Headers } from '../../../src/hosts/end-to-end.js';
import type { PanelAnswer } from '../../../src/hosts/gateway-host.js';
import { sendOn } from '../../../src/hosts/ispconfig/pages/way.js';
import { forwarded, refusalOf } from '../../../src/hosts/ispconfig/prepare.js';
import { clientHeaders } from '../../../src/hosts/ispconfig/sessions/answer-headers.js';
import type { Sessions } from '../../../src/hosts/ispconfig/sessions/sessions.js';
import { type RequestOptions, request } from './requests.js';

const publicUrl = new URL('https://panel.example.test:8080');
const sessions = { of: async () => ({ kind: 'anonymous', cookie: 'theid' }) } as unknown as Sessions;
const headersOf = async (url: string, options: RequestOptions = {}): Promise<Headers> => {
  const { headers, cookie } = forwarded(request(url, options), sessions, publicUrl);
  return { ...headers, cookie: (await cookie()) ?? '' };
};

for (const [what, status, url, options] of [
  ['PUT', 405, '/index.php', { method: 'PUT' }],
  ['an absolute target', 400, 'http://evil.test/index.php', {}],
  ['another spelling of a path', 400, '/%6cogin/index.php', {}],
] as const) {
  test(`refused: ${what}`, () => assert.equal(refusalOf(request(url, options))?.status, status));
}

test('a POST passes, and to the API other methods', () => {
  assert.equal(refusalOf(request('/login/', { method: 'POST', body: 'x' })), undefined);
  assert.equal(refusalOf(request('/remote/rest.php', { method: 'PUT' })), undefined);
});

test('the address of the client is the believed one, whatever the client says', async () => {
  const headers = await headersOf('/nav.php?nav=top', {
    headers: {
      host: 'evil.test',
      forwarded: 'for=1.2.3.4',
      'x-forwarded-for': '1.2.3.4',
      x_forwarded_for: '1.2.3.4',
      'x-forwarded-host': 'evil.test',
      'x-forwarded-proto': 'gopher',
      'x-real-ip': '1.2.3.4',
      'client-ip': '1.2.3.4',
      'true-client-ip': '1.2.3.4',
      'x-original-url': '/index.php',
      'x-http-method-override': 'PUT',
      proxy: 'http://evil.test',
      connection: 'keep-alive, X-Secret',
      'x-secret': '1',
      te: 'trailers',
      accept: 'text/html',
      'x-requested-with': 'XMLHttpRequest',
      cookie: 'ISPCSESS=other; panel-2fa=c; lang=de',
    },
  });
  // The menu may be changed on its way back, so it has to come as it is.
  assert.deepEqual(headers, {
    accept: 'text/html',
    'x-requested-with': 'XMLHttpRequest',
    host: 'panel.example.test:8080',
    'x-forwarded-for': '198.51.100.7',
    'x-real-ip': '198.51.100.7',
    'x-forwarded-proto': 'https',
    cookie: 'ISPCSESS=theid',
  });
});

test('pages that may be changed come uncompressed, others as the client likes', async () => {
  const gzip = { headers: { 'accept-encoding': 'gzip' } };
  for (const url of [
    '/',
    '/index.php',
    '/login/?twofa=expired',
    '/tools/user_settings.php',
    '/nav.php?nav=side',
  ]) {
    assert.equal((await headersOf(url, gzip))['accept-encoding'], undefined, url);
  }
  for (const url of ['/js/jquery.min.js', '/mail/mail_user_list.php']) {
    assert.equal((await headersOf(url, gzip))['accept-encoding'], 'gzip', url);
  }
});

test('parameters of ours do not reach the panel, others are left as they are', async () => {
  const target = async (url: string) => forwarded(request(url), sessions, publicUrl).target;
  assert.equal(await target('/login/?twofa=too-many-codes'), '/login/');
  assert.equal(await target('/login/index.php?a=%20b&twofa=x&c'), '/login/index.php?a=%20b&c');
  assert.equal(await target('/nav.php?nav=side&twofa=x'), '/nav.php?nav=side&twofa=x');
});

const answer = (headers: PanelAnswer['headers'], url = '/login/index.php', at = publicUrl) =>
  clientHeaders(request(url), { status: 302, headers }, at);

test('behind TLS the session cookie gets Secure, once, and keeps the rest', () => {
  const cookie = 'ISPCSESS=abc; path=/; HttpOnly; SameSite=Lax';
  assert.deepEqual(answer({ 'set-cookie': cookie })['set-cookie'], [`${cookie}; Secure`]);
  const secure = 'ISPCSESS=abc; path=/; secure; HttpOnly';
  assert.deepEqual(answer({ 'set-cookie': [secure, 'a=b'] })['set-cookie'], [secure, 'a=b']);
  assert.deepEqual(answer({ 'set-cookie': cookie }, '/', new URL('http://127.0.0.1:8090'))['set-cookie'], [
    cookie,
  ]);
});

test('the panel cannot set cookies of ours', () => {
  assert.equal(
    answer({ 'set-cookie': ['panel-2fa=x', '__Host-panel-2fa=y; Secure'] })['set-cookie'],
    undefined,
  );
});

test('redirects stay on our origin', () => {
  const location = (value: string, url?: string) => answer({ location: value }, url).location;
  assert.equal(location('../index.php'), '../index.php');
  assert.equal(location('http://panel.example.test:8080/login/?a=b'), '/login/?a=b');
  assert.equal(location('http://panel.example.test:8081/login/', '/login'), '/login/');
  assert.equal(
    location('https://panel.example.test:8081/webmail', '/mail/webmailer.php'),
    'https://panel.example.test:8081/webmail',
  );
});

const way = (url: string, path: string, headers: Record<string, string> = {}) => {
  const ctx = request(url, { headers });
  sendOn(ctx, path);
  return [ctx.status, ctx.response.get('Location') || ctx.body];
};

test('a document is redirected, a fragment gets a script, a module change the text it understands', () => {
  const ajax = { 'x-requested-with': 'XMLHttpRequest', 'sec-fetch-dest': 'empty' };
  assert.deepEqual(way('/index.php', '/2fa/login', { 'sec-fetch-dest': 'document' }), [303, '/2fa/login']);
  assert.deepEqual(way('/index.php', '/2fa/login'), [303, '/2fa/login']);
  assert.deepEqual(way('/nav.php?nav=top', '/2fa/login', ajax), [
    200,
    '<script>location.href="/2fa/login"</script>',
  ]);
  assert.deepEqual(way('/capp.php?mod=mail', '/2fa/login', ajax), [200, 'URL_REDIRECT:/2fa/login']);
});

test('the way leads to our own origin, and a path does not break out of the script', () => {
  for (const path of [
    '//evil.test',
    '/\\evil.test',
    'https://evil.test',
    'javascript:alert(1)',
    '/a\n',
    '',
  ]) {
    assert.throws(() => way('/', path), path);
  }
  const [, body] = way('/x.php', '/a?"</script><script>alert(1)', { 'sec-fetch-dest': 'empty' });
  assert.equal(String(body).split('<').length, 3);
});
