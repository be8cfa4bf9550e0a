import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders, request } from 'node:http';
import type { AddressInfo } from 'node:net';
import { after, test } from 'node:test';
import type { Account } from '../../src/core/account/account.js';
import { Redirects } from '../../src/http/redirects.js';
import { ownManifest } from '../../src/plugin/manifest.js';
import { readSettings } from '../../src/plugin/settings.js';
import { tempFolder } from '../support/temp-folder.js';
import { startTinyPanel } from './tiny-panel.js';

const user: Account = { realm: 'user', id: '7', name: 'client1', role: 'client' };
const warnings: string[] = [];
const log = {
  info: () => undefined,
  error: () => undefined,
  warn: (_fields: object, message: string) => void warnings.push(message),
};

const panel = await startTinyPanel(tempFolder(), [user], (url) => ({
  publicUrls: [url.replace('127.0.0.1', 'localhost'), 'http://127.0.0.1:1'],
  log,
}));
after(() => panel.close());
const { port } = new URL(panel.url);

interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

/** `fetch` lets a test name neither another host nor where a request comes from. */
async function send(
  path: string,
  headers: Record<string, string>,
  form?: string,
  localAddress = '127.0.0.1',
): Promise<Answer> {
  const body = form === undefined ? {} : { 'content-type': 'application/x-www-form-urlencoded' };
  const method = form === undefined ? 'GET' : 'POST';
  const told = Object.fromEntries(
    Object.entries({ ...body, ...headers }).filter(([, value]) => value !== ''),
  );
  const asked = request({ host: '127.0.0.1', port, path, method, headers: told, localAddress }).end(form);
  const [answer] = await once(asked, 'response');
  let text = '';
  for await (const part of answer) text += part;
  return { status: answer.statusCode, headers: answer.headers, body: text };
}

const AS_PAGE = { accept: 'text/html,application/xhtml+xml,*/*;q=0.8' };
const AS_SHELL = { ...AS_PAGE, 'x-requested-with': 'XMLHttpRequest' };

const OURS = [`127.0.0.1:${port}`, `localhost:${port}`, `LocalHost:${port}`, '127.0.0.1:1'];
const OTHERS = [
  `127.0.0.2:${port}`,
  `Panel.Example:${port}`,
  `localhost.:${port}`,
  '127.0.0.1',
  `127.0.0.1:${Number(port) + 1}`,
  `192.0.2.7:${port}`,
  `[::1]:${port}`,
  'evil.test',
];

for (const host of OURS) {
  test(`10.3 ${host} is a name of ours`, async () => {
    const page = await send('/login?x=1', { host, ...AS_PAGE });
    assert.equal(page.body, 'the login page');
  });
}

for (const host of OTHERS) {
  test(`10.3 under ${host} a page that is read is read at publicUrl, and what is sent is told where`, async () => {
    for (const path of ['/login?x=1', '/2fa/login', '/deep/page?y=%2F%2Fevil.test'])
      for (const more of [AS_PAGE, { 'sec-fetch-dest': 'document' }]) {
        const { status, headers } = await send(path, { host, ...more });
        assert.deepEqual([status, headers.location], [308, panel.url + path]);
        assert.equal(headers['cache-control'], 'no-store');
      }
    for (const [path, more] of [
      ['/login', AS_PAGE],
      ['/2fa/settings/begin', AS_PAGE],
      ['/login', { origin: `http://${host}` }],
    ] as const) {
      const sent = await send(path, { host, ...more }, 'a=b');
      assert.equal(sent.status, 421);
      assert.match(
        sent.body,
        new RegExp(`role="alert"[^<]*own address.*<a href="${panel.url}">${panel.url}<`, 's'),
      );
    }
    assert.equal((await send('/login', { host })).body, 'the login page', 'a machine');
    assert.equal((await send('/login', { host }, 'a=b')).body, 'the login page', 'a machine');
    const behindProxy = { host, ...AS_PAGE, origin: panel.url };
    assert.equal((await send('/login', behindProxy, 'a=b')).body, 'the login page', 'a form of our own page');
    assert.equal((await send('/login', { host, ...AS_SHELL })).body, 'the login page', 'a part of a page');
    assert.equal((await send('/2fa/health', { host })).status, 200);
  });
}

test('10.3 nobody is sent to another site, whatever path he asks for', async () => {
  for (const path of ['//evil.test/', '/\\evil.test/', 'http://evil.test/', '/x y'.replace(' ', '%09')]) {
    const { headers } = await send(path, { host: 'evil.test', ...AS_PAGE });
    const location = headers.location && new URL(headers.location, panel.url);
    if (location) assert.equal(location.origin, panel.url, path);
  }
});

test('10.3 a form sent by the script under another name is told the right one, in the slot', async () => {
  const cookie = panel.login(user);
  const page = await send('/2fa/settings', { cookie, host: `127.0.0.1:${port}` });
  const token = /name="twofa_csrf" value="([^"]+)"/.exec(page.body)?.[1] ?? '';
  const told = {
    cookie,
    host: `127.0.0.2:${port}`,
    origin: `http://127.0.0.2:${port}`,
    'x-twofa-slot': 'twofa-save',
    'sec-fetch-dest': 'empty',
  };
  const { status, headers, body } = await send('/2fa/settings/begin', told, `twofa_csrf=${token}`);
  assert.deepEqual([status, headers['x-twofa-alert'], headers['x-twofa-slot']], [403, '1', undefined]);
  assert.match(
    body,
    new RegExp(`^<p [^>]*role="alert"[^>]*>[^<]*<a href="${panel.url}">${panel.url}</a></p>\\s*$`),
  );
});

test('10.3 behind a proxy that replaces the Host nobody goes in a circle, and the operator is told', async () => {
  const proxy = createServer((req, res) => {
    const headers = { ...req.headers, host: 'panel.internal' };
    req.pipe(
      request({ host: '127.0.0.1', port: hidden, path: req.url, method: req.method, headers }, (answer) => {
        res.writeHead(answer.statusCode ?? 500, answer.headers);
        answer.pipe(res);
      }),
    );
  });
  await once(proxy.listen(0, '127.0.0.1'), 'listening');
  const publicUrl = `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`;
  const behind = await startTinyPanel(tempFolder(), [user], () => ({ publicUrl, log }));
  const hidden = new URL(behind.url).port;
  try {
    for (const path of ['/login', '/login', '/login?again=1']) {
      const answer = await fetch(publicUrl + path, { headers: AS_PAGE });
      assert.equal(await answer.text(), 'the login page');
      assert.equal(answer.url, publicUrl + path);
    }
    const form = { method: 'POST', headers: AS_PAGE, body: new URLSearchParams({ a: 'b' }) };
    assert.equal(await (await fetch(`${publicUrl}/login`, form)).text(), 'the login page');
    assert.equal(warnings.filter((line) => /proxy replaces the Host/.test(line)).length, 1);
  } finally {
    proxy.close();
    proxy.closeAllConnections();
    await behind.close();
  }
});

test('10.3 a visit that comes back later, of another client or to another page is no circle', () => {
  let now = 0;
  const redirects = new Redirects(() => now);
  const goes = (page: string, client = 'one', host = 'localhost') =>
    assert.equal(redirects.leadsBack(host, client, page), false, page);
  for (let visit = 0; visit < 20; visit += 1) {
    goes('often');
    now += 2_000;
  }
  for (let page = 0; page < 20; page += 1) goes(`page ${page}`);
  for (let client = 0; client < 20; client += 1) goes('of all', `client ${client}`);
  assert.equal(redirects.isCircle('localhost', 'one'), false);
});

test('10.3 a circle is of one client and one name and ends after a minute, however many others there are', () => {
  let now = 0;
  const redirects = new Redirects(() => now);
  const circle = (host: string, client: string) => {
    const answers = Array.from({ length: 4 }, () => redirects.leadsBack(host, client, '/login'));
    assert.deepEqual(answers, [false, false, false, true], `${client} at ${host}`);
    assert.equal(redirects.isCircle(host, client), true);
  };
  const goesOn = (host: string, client: string) => {
    assert.equal(redirects.isCircle(host, client), false, `${client} at ${host}`);
    assert.equal(redirects.leadsBack(host, client, '/login'), false, `${client} at ${host}`);
  };
  for (let invented = 0; invented < 2_000; invented += 1) circle(`${invented}.test`, 'attacker');
  circle('alias.test', 'attacker');
  goesOn('alias.test', 'user');
  goesOn('other.test', 'attacker');
  for (const client of ['a', 'b', 'c']) circle('panel.internal', client);
  now += 59_999;
  assert.equal(redirects.isCircle('panel.internal', 'a'), true);
  now += 1;
  for (const client of ['a', 'b', 'c']) {
    assert.equal(redirects.isCircle('panel.internal', client), false);
    circle('panel.internal', client);
  }
});

test('10.3 whoever asks too often under a further name ends his own redirect only', async () => {
  const from = (client: string) =>
    send('/login?often', { host: 'alias.test', ...AS_PAGE }, undefined, client);
  const statuses: number[] = [];
  for (let times = 0; times < 5; times += 1) statuses.push((await from('127.0.0.8')).status);
  assert.deepEqual(statuses, [308, 308, 308, 200, 200]);
  assert.equal((await from('127.0.0.9')).status, 308);
});

const OWN = panel.url;
const FORMS: readonly (readonly [origin: string, site: string, taken: boolean])[] = [
  [OWN, '', true],
  [OWN, 'same-origin', true],
  [`http://localhost:${port}`, 'same-origin', true],
  ['http://127.0.0.1:1', '', true],
  ['', '', true],
  ['', 'same-origin', true],
  ['', 'none', true],
  ['', 'same-site', false],
  ['', 'cross-site', false],
  ['null', 'same-origin', true],
  ['null', '', false],
  ['null', 'none', false],
  ['null', 'same-site', false],
  ['null', 'cross-site', false],
  ['null', 'Same-Origin, same-origin', false],
  ['NULL', 'same-origin', false],
  [`${OWN}/`, 'same-origin', false],
  [`${OWN}, null`, 'same-origin', false],
  ['http://evil.test', 'same-origin', false],
  [`http://127.0.0.2:${port}`, 'same-origin', false],
  [`http://panel.localhost:${port}`, 'same-site', false],
];

for (const [origin, site, taken] of FORMS) {
  test(`10.2 a form with Origin "${origin}" and Sec-Fetch-Site "${site}" is ${taken ? 'taken' : 'refused'}`, async () => {
    const cookie = panel.login(user);
    const page = await send('/2fa/settings', { cookie, host: `127.0.0.1:${port}` });
    const token = /name="twofa_csrf" value="([^"]+)"/.exec(page.body)?.[1] ?? '';
    const told = { cookie, host: `127.0.0.1:${port}`, origin, 'sec-fetch-site': site };
    const before = warnings.length;
    const answer = await send('/2fa/settings/begin', told, `twofa_csrf=${token}`);
    assert.equal(answer.status, taken ? 303 : 403);
    assert.equal((await send('/2fa/settings/begin', told, 'twofa_csrf=x')).status, 403, 'the token decides');
    const said = warnings.slice(before);
    if (taken) return assert.deepEqual(said, []);
    assert.match(said[0] ?? '', /a form was refused: (no )?Origin/);
    if (origin === 'null') assert.match(said[0] ?? '', /Referrer-Policy: no-referrer\?/);
    assert.match(answer.body, new RegExp(`<a href="${OWN}">${OWN}</a>`));
  });
}

test('10.3 publicUrls are origins, each exact, of the scheme of publicUrl', () => {
  const check = (...publicUrls: unknown[]) =>
    readSettings(ownManifest(), { publicUrl: OWN, publicUrls, database: 'sqlite:x', keyFile: 'x' })
      .publicUrls;
  assert.deepEqual(check(), []);
  assert.deepEqual(check('http://localhost', 'http://[::1]:1'), ['http://localhost', 'http://[::1]:1']);
  for (const wrong of [
    'https://second.test',
    'http://second.example',
    'http://127.0.0.1:1/',
    'ftp://x',
    'x',
    7,
  ])
    assert.throws(() => check(wrong), /publicUrls/, String(wrong));
});
