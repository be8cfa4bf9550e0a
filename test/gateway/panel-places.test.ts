import assert from 'node:assert/strict';
import { type ClientRequest, request } from 'node:http';
import { after, test } from 'node:test';
import { startPlainGateway } from './start.js';
import { startUpstream } from './upstream.js';

const panel = await startUpstream();
const gateway = await startPlainGateway(panel.port, { trustedProxies: ['127.0.0.1'] });
const open: ClientRequest[] = [];
let refused = 0;

after(async () => {
  endAll();
  await gateway.close();
  await panel.close();
});

function headers(account: number, client: string): Record<string, string> {
  return { cookie: `plain=${account}`, 'x-forwarded-for': client };
}

/** Begins a request that does not end: an upload, or a page that never comes. */
function begin(method: 'GET' | 'POST', account: number, client: string): ClientRequest {
  const path = method === 'POST' ? '/upload' : '/silent';
  const begun = request(`${gateway.url}${path}`, { method, agent: false, headers: headers(account, client) });
  begun.on('error', () => undefined);
  begun.on('response', ({ statusCode }) => {
    if (statusCode === 429) refused += 1;
  });
  if (method === 'POST') begun.write('x');
  else begun.end();
  open.push(begun);
  return begun;
}

/** Requests that reached the panel and wait there, in all so far. */
function waiting(): number {
  return panel.seen.filter(({ url }) => url === '/silent').length;
}

function page(account: number, client: string): Promise<Response> {
  return fetch(`${gateway.url}/page`, { headers: headers(account, client) });
}

function upload(account: number, client: string): Promise<Response> {
  return fetch(`${gateway.url}/upload`, { method: 'POST', body: 'x', headers: headers(account, client) });
}

async function until(condition: () => Promise<boolean>): Promise<void> {
  const end = Date.now() + 10_000;
  while (!(await condition())) {
    assert.ok(Date.now() < end, 'it took too long');
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

function endAll(): void {
  for (const begun of open.splice(0)) begun.destroy();
}

test('A51 bodies that never come: more than there are connections to the panel take none of them', async () => {
  const clients = Array.from({ length: 20 }, (_, n) => `198.51.100.${n}`);
  for (const [n, client] of clients.entries()) {
    for (let m = 0; m < 66; m += 1) begin('POST', 100 + n, client);
  }
  await until(async () => refused === 2 * clients.length);
  for (const [n, client] of clients.entries()) {
    assert.equal((await upload(300 + n, client)).status, 429, client);
  }
  assert.equal((await upload(100, '192.0.2.1')).status, 429, 'the same account elsewhere');
  assert.equal((await upload(1, '192.0.2.1')).status, 200, 'a body of somebody else');
  assert.equal((await page(1, '192.0.2.1')).status, 200, 'a page of somebody else');
  assert.equal((await page(100, '198.51.100.0')).status, 200, 'a page of one of them');
  assert.ok(panel.connections() < 40, `${panel.connections()} connections`);

  endAll();
  await until(async () => (await upload(300, '198.51.100.0')).status === 200);
  await until(async () => (await upload(100, '192.0.2.1')).status === 200);
});

test('A51 answers that never come: of one account 100 and of one client 128 are under way, and everybody else is served', async () => {
  refused = 0;
  for (let n = 0; n < 102; n += 1) begin('GET', 1, `198.51.100.${n % 4}`);
  await until(async () => refused === 2);
  await until(async () => waiting() === 100);
  const answer = await page(1, '192.0.2.1');
  assert.equal(answer.status, 429);
  assert.ok(Number(answer.headers.get('retry-after')) > 0);
  assert.match(await answer.text(), /Too many requests/);
  assert.equal((await page(2, '192.0.2.1')).status, 200, 'another account of the same client');

  for (let n = 0; n < 130; n += 1) begin('GET', 10 + (n % 4), '203.0.113.1');
  await until(async () => refused === 4);
  await until(async () => waiting() === 228);
  assert.equal((await page(3, '203.0.113.1')).status, 429);
  assert.equal((await upload(3, '203.0.113.1')).status, 429, 'with a body that is whole');
  assert.equal((await page(3, '203.0.113.2')).status, 200, 'the same account elsewhere');

  endAll();
  await until(async () => (await page(3, '203.0.113.1')).status === 200);
  await until(async () => (await page(1, '192.0.2.1')).status === 200);
});
