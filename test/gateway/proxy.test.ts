import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { startPlainGateway } from './start.js';
import { startUpstream } from './upstream.js';

const panel = await startUpstream();
const gateway = await startPlainGateway(panel.port);
const session = { cookie: 'plain=1' };

after(async () => {
  await gateway.close();
  await panel.close();
});

function ask(path: string, init: RequestInit = {}): Promise<Response> {
  return fetch(gateway.url + path, { redirect: 'manual', ...init, headers: { ...session, ...init.headers } });
}

test('a static file and a page of the session pass', async () => {
  assert.equal((await (await ask('/static/20k.css')).text()).length, 20_000);
  const { method, url } = (await (await ask('/echo?a=b%20c')).json()) as { method: string; url: string };
  assert.deepEqual({ method, url }, { method: 'GET', url: '/echo?a=b%20c' });
});

test('without a session nothing but public pages reaches the panel', async () => {
  const before = panel.seen.length;
  const reply = await ask('/page', { headers: { cookie: '' } });
  assert.equal(reply.status, 303);
  assert.equal(reply.headers.get('location'), '/login');
  assert.equal(panel.seen.length, before);
});

test('our own routes never reach the panel', async () => {
  const before = panel.seen.length;
  for (const path of [
    '/2fa',
    '/2fa/health',
    '/2fa/settings',
    '/2fa/assets/panel-2fa.css',
    '/2fa/none',
    '/2fa/../page',
  ])
    await (await ask(path)).text();
  assert.equal(panel.seen.filter(({ url }) => url.includes('2fa')).length, 0);
  assert.equal(panel.seen.length, before + 1, 'only what the browser itself made of /2fa/../page');
});

test('a page is edited, with the length of what is sent and without the marks of what the panel sent', async () => {
  for (const path of ['/page', '/gzip-page']) {
    const reply = await ask(path, { headers: { 'accept-encoding': 'gzip, br' } });
    const text = await reply.text();
    assert.match(text, /Grüße.*<a href="\/2fa\/settings">/);
    assert.equal(reply.headers.get('content-length'), String(Buffer.byteLength(text)));
    assert.equal(reply.headers.get('cache-control'), 'no-store');
    assert.equal(reply.headers.get('etag'), null);
    assert.equal(reply.headers.get('content-encoding'), null);
  }
});

test('no other site frames a page with our part, unless the panel has its own rule', async () => {
  for (const [name, value, framing] of [
    ['x-nothing', '1', 'SAMEORIGIN'],
    ['x-frame-options', 'DENY', 'DENY'],
    ['content-security-policy', "default-src 'self'", 'SAMEORIGIN'],
    ['content-security-policy', "default-src 'self'; frame-ancestors https://portal.example", null],
  ] as const) {
    const reply = await ask(`/header-page?${new URLSearchParams({ name, value })}`);
    await reply.text();
    assert.equal(reply.headers.get('x-frame-options'), framing, `${name}: ${value}`);
  }
});

test('a page over the bound passes unchanged and whole', async () => {
  const reply = await ask('/big-page?bytes=3000000');
  assert.equal((await reply.text()).length, 3_000_000);
  assert.equal(reply.headers.get('etag'), '"big"');
});

test('a page in another charset passes unchanged', async () => {
  assert.equal(Buffer.from(await (await ask('/latin-page')).arrayBuffer()).toString('latin1'), 'Gr\xfc\xdfe');
});

test('an upload arrives byte by byte, with and without a length; one that is whole before it is sent on has one', async () => {
  const small = Buffer.alloc(50_000, 'ab');
  const whole = (await (await ask('/upload', { method: 'POST', body: small })).json()) as Record<
    string,
    unknown
  >;
  assert.deepEqual([whole.bytes, whole.length], [small.length, String(small.length)]);
  const body = Buffer.alloc(5_000_000, 'ab');
  const known = (await (await ask('/upload', { method: 'POST', body })).json()) as Record<string, unknown>;
  assert.equal(known.bytes, body.length);
  assert.equal(known.length, String(body.length));
  const stream = new Blob([body]).stream();
  const init = { method: 'POST', body: stream, duplex: 'half' } as RequestInit;
  const chunked = (await (await ask('/upload', init)).json()) as Record<string, unknown>;
  assert.deepEqual({ ...chunked, length: known.length }, known);
  assert.equal(chunked.length, null);
});

test('headers of one connection stop at the gateway, both ways', async () => {
  const reply = await ask('/answer-headers');
  assert.equal(reply.headers.get('x-private'), null);
  assert.equal(reply.headers.get('te'), null);
  assert.equal(reply.headers.get('x-public'), '2');
});

test('connections to the panel are kept and used again', async () => {
  const before = panel.connections();
  for (let i = 0; i < 20; i += 1) await (await ask('/echo')).text();
  assert.ok(panel.connections() - before <= 1, `${panel.connections() - before} new connections`);
});

test('a refusal of the host is a page, or the answer it gives for machines', async () => {
  const page = await ask('/a%2fb');
  assert.equal(page.status, 400);
  assert.match(await page.text(), /not understood/);
  const machine = await ask('/remote/json.php');
  assert.equal(machine.status, 403);
  assert.deepEqual(await machine.json(), { code: 'refused' });
});

test('a host that cannot read its sessions means 503', async () => {
  const reply = await ask('/unreadable');
  assert.equal(reply.status, 503);
  assert.equal(reply.headers.get('cache-control'), 'no-store');
});
