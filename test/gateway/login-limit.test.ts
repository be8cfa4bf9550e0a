import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { startRedis } from '../support/redis.js';
import { startPlainGateway } from './start.js';
import { startUpstream } from './upstream.js';

const panel = await startUpstream();
const gateway = await startPlainGateway(panel.port, { trustedProxies: ['127.0.0.1'] });

after(async () => {
  await gateway.close();
  await panel.close();
});

function login(address: string, password: string, wait = 0, url = gateway.url): Promise<Response> {
  return fetch(`${url}/login`, {
    method: 'POST',
    redirect: 'manual',
    headers: { 'x-forwarded-for': address },
    body: new URLSearchParams({ password, wait: String(wait) }),
  });
}

async function statuses(logins: readonly Promise<Response>[]): Promise<Record<number, number>> {
  const counts: Record<number, number> = {};
  for (const { status } of await Promise.all(logins)) counts[status] = (counts[status] ?? 0) + 1;
  return counts;
}

test('A8 fifty guesses at once: ten reach the panel, the right one among the rest does not', async () => {
  const before = panel.seen.length;
  const guesses = Array.from({ length: 50 }, () => login('198.51.100.1', 'wrong', 100));
  assert.deepEqual(await statuses(guesses), { 200: 10, 429: 40 });
  const late = await login('198.51.100.1', 'right');
  assert.equal(late.status, 429);
  assert.ok(Number(late.headers.get('retry-after')) > 0);
  assert.match(await late.text(), /Too many failed logins/);
  assert.equal(panel.seen.length - before, 10);
});

test('A8 another client gets in meanwhile', async () => {
  assert.equal((await login('198.51.100.2', 'right')).status, 303);
});

test('forty right logins of one address at once all get in', async () => {
  const logins = Array.from({ length: 40 }, () => login('198.51.100.3', 'right', 30));
  assert.deepEqual(await statuses(logins), { 303: 40 });
});

test('A7 addresses of one /64 share their bucket', async () => {
  const guesses = Array.from({ length: 20 }, (_, i) => login(`2001:db8:0:1::${i + 1}`, 'wrong'));
  assert.deepEqual(await statuses(guesses), { 200: 10, 429: 10 });
  assert.equal((await login('2001:db8:0:2::1', 'right')).status, 303);
});

test('A7 what a client writes into X-Forwarded-For makes no new bucket', async () => {
  const guesses = Array.from({ length: 20 }, (_, i) => login(`9.9.9.${i}, 198.51.100.4`, 'wrong'));
  assert.deepEqual(await statuses(guesses), { 200: 10, 429: 10 });
});

test('A51 of the 65536 clients that one IPv6 network can be ten guess at full rate, and another network logs in', async () => {
  const guesses = Array.from({ length: 120 }, (_, i) => login(`2001:db8:ff:${i.toString(16)}::1`, 'wrong'));
  assert.deepEqual(await statuses(guesses), { 200: 100, 429: 20 });
  assert.equal((await login('2001:db8:fe::1', 'right')).status, 303);
});

test('A51 right logins in a loop: 600 a minute, and another client logs in at once', async () => {
  for (let round = 0; round < 25; round += 1)
    await Promise.all(Array.from({ length: 24 }, () => login('198.51.100.8', 'right')));
  assert.equal((await login('198.51.100.8', 'right')).status, 429);
  assert.equal((await login('198.51.100.9', 'right')).status, 303);
});

test('a guess whose answer nobody waits for stays counted', async () => {
  for (let i = 0; i < 10; i += 1) {
    const body = new URLSearchParams({ password: 'right', wait: '500' });
    const init = { method: 'POST', body, headers: { 'x-forwarded-for': '198.51.100.5' } };
    const before = panel.seen.length;
    const stop = new AbortController();
    const left = fetch(`${gateway.url}/login`, { ...init, signal: stop.signal }).catch(() => undefined);
    while (panel.seen.length === before) await new Promise((resolve) => setTimeout(resolve, 5));
    stop.abort();
    await left;
  }
  assert.equal((await login('198.51.100.5', 'right')).status, 429);
});

test('A3 two gateways with one Redis share the bucket, and a right login is taken back on both', async () => {
  const redis = await startRedis();
  const more = { trustedProxies: ['127.0.0.1'], redis: redis.url, loginsPerMinute: 4 };
  const two = [await startPlainGateway(panel.port, more), await startPlainGateway(panel.port, more)];
  const logins = (password: string) =>
    Array.from({ length: 12 }, (_, i) => login('198.51.100.6', password, 20, two[i % 2]?.url));
  for (let i = 0; i < 6; i += 1) {
    assert.equal((await login('198.51.100.6', 'right', 0, two[i % 2]?.url)).status, 303);
  }
  assert.deepEqual(await statuses(logins('wrong')), { 200: 4, 429: 8 });
  await redis.kill();
  assert.equal((await login('198.51.100.7', 'right', 0, two[0]?.url)).status, 503);
  for (const one of two) await one.close();
  await redis.stop();
});
