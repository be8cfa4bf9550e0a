import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { flow } from './flow.js';
import { GatewayProcess } from './gateway-process.js';
import { startUpstream } from './upstream.js';

const MEGABYTE = 1_048_576;
const SMALL = 8 * MEGABYTE;
const LARGE = 256 * MEGABYTE;
/** What a run may need more than a small one: buffers of both sides and young garbage. */
const ROOM = 64;

const panel = await startUpstream();
const gateway = await GatewayProcess.start(`http://127.0.0.1:${panel.port}`, { logLevel: 'info' });
const COOKIE = 'plain=1';

after(async () => {
  await gateway.process.stop();
  await panel.close();
});

/** The most memory the gateway had while `act` ran. */
async function peak(act: () => Promise<void>): Promise<number> {
  let most = gateway.megabytes;
  const timer = setInterval(() => {
    most = Math.max(most, gateway.megabytes);
  }, 20);
  await act();
  clearInterval(timer);
  return most;
}

for (const way of ['download', 'upload'] as const) {
  test(`memory stays flat while a large ${way} streams through`, async () => {
    const stream = (bytes: number) => flow(gateway.url, COOKIE, way, bytes);
    await stream(SMALL);
    const small = await peak(() => stream(SMALL));
    const large = await peak(() => stream(LARGE));
    assert.ok(large - small < ROOM, `${large.toFixed()} MB against ${small.toFixed()} MB`);
  });
}

test('a client that reads slowly holds the panel back instead of filling memory', async () => {
  const before = gateway.megabytes;
  const reply = await fetch(`${gateway.url}/download?bytes=${LARGE}`, { headers: { cookie: COOKIE } });
  const reader = reply.body?.getReader();
  await reader?.read();
  await new Promise((resolve) => setTimeout(resolve, 700));
  assert.ok(
    gateway.megabytes - before < ROOM,
    `${gateway.megabytes.toFixed()} MB against ${before.toFixed()} MB`,
  );
  await reader?.cancel();
});
