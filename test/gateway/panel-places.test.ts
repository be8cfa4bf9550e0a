import assert from 'node:assert/strict';
import { once } from 'node:events';
import { type ClientRequest, request } from 'node:http';
import { after, test } from 'node:test';
import { startPlainGateway } from './start.js';
import { startUpstream } from './upstream.js';

const panel = await startUpstream();
const gateway = await startPlainGateway(panel.port, { trustedProxies: ['127.0.0.1'] });
const open: ClientRequest[] = [];

after(async () => {
  for (const upload of open) upload.destroy();
  await gateway.close();
  await panel.close();
});

/** Begins an upload that does not end. */
function upload(account: number, client: string): ClientRequest {
  const headers = { cookie: `plain=${account}`, 'x-forwarded-for': client };
  const begun = request(`${gateway.url}/upload`, { method: 'POST', agent: false, headers });
  begun.on('error', () => undefined);
  begun.write('x'.repeat(100));
  open.push(begun);
  return begun;
}

function page(account: number, client: string): Promise<Response> {
  const headers = { cookie: `plain=${account}`, 'x-forwarded-for': client };
  return fetch(`${gateway.url}/page`, { headers });
}

async function until(condition: () => Promise<boolean>): Promise<void> {
  const end = Date.now() + 10_000;
  while (!(await condition())) {
    assert.ok(Date.now() < end, 'it took too long');
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

test('A51 uploads that never end: of one account 200 and of one client 400 are under way, and everybody else is served', async () => {
  for (let n = 0; n < 200; n += 1) upload(1, `198.51.100.${n % 4}`);
  await until(async () => (await page(1, '192.0.2.1')).status === 429);
  const refused = await page(1, '192.0.2.1');
  assert.ok(Number(refused.headers.get('retry-after')) > 0);
  assert.match(await refused.text(), /Too many requests/);
  assert.equal((await page(2, '192.0.2.1')).status, 200, 'another account of the same client');

  for (let n = 0; n < 400; n += 1) upload(10 + (n % 4), '203.0.113.1');
  await until(async () => (await page(3, '203.0.113.1')).status === 429);
  const [late] = (await once(upload(3, '203.0.113.1'), 'response')) as [{ statusCode: number }];
  assert.equal(late.statusCode, 429);
  assert.equal((await page(3, '203.0.113.2')).status, 200, 'the same account elsewhere');

  for (const begun of open) begun.destroy();
  await until(async () => (await page(3, '203.0.113.1')).status === 200);
  await until(async () => (await page(1, '192.0.2.1')).status === 200);
});
