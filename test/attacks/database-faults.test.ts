import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { alertIn } from '../support/client-journey.js';
import { startMariaDb } from '../support/mariadb.js';
import type { Reply } from '../support/panel-client.js';
import { startRedis } from '../support/redis.js';
import { Nodes } from './nodes.js';

/** Two seconds are the limit for a store; the rest is for a busy machine. */
const PATIENCE = 5_000;

const redis = await startRedis();
const server = await startMariaDb();
await server.execute("CREATE DATABASE f; CREATE USER p IDENTIFIED BY 'p'; GRANT ALL ON f.* TO p");
const nodes = await Nodes.start({ database: server.url('p', 'p', 'f'), redis: redis.url });
const alive = setInterval(() => undefined, 1_000);
after(async () => {
  await nodes.stop();
  await redis.stop();
  await server.stop();
  clearInterval(alive);
});

let accounts = 0;

/** Who is in, who waits at the code page, and a recovery code that was used. */
async function scene() {
  accounts += 1;
  const id = String(accounts);
  const { visitor: inside, recoveryCodes } = await nodes.enrolled(id);
  const waiting = await nodes.waiting(id, 1);
  const [used = '', good = '', late = ''] = recoveryCodes;
  assert.equal((await (await nodes.waiting(id, 0)).guess(used)).location, '/');
  const assertWell = async () => {
    for (const node of [0, 1]) await untilWell(() => nodes.visitor(node).get('/2fa/health'));
    const again = await nodes.waiting(id, 0);
    assert.match(alertIn(await again.guess(used)), /already been used/);
    assert.equal((await again.guess(late)).location, '/');
    assert.equal((await inside.get('/')).body, `inside of ${id}`);
  };
  return { id, inside, waiting, good, assertWell };
}

async function untilWell(ask: () => Promise<Reply>): Promise<void> {
  for (let tries = 0; (await ask()).status !== 200; tries += 1) {
    assert.ok(tries < 300, 'it does not get well again');
    await sleep(100);
  }
}

/** Closed in plain words, in time, with nothing of the panel. */
async function assertClosed(ask: () => Promise<Reply>): Promise<void> {
  const begin = performance.now();
  const reply = await ask();
  const milliseconds = Math.round(performance.now() - begin);
  assert.ok(milliseconds < PATIENCE, `${milliseconds} ms`);
  assert.equal(reply.status, 503, reply.body);
  assert.match(alertIn(reply), /at the moment/);
  assert.doesNotMatch(reply.body, /inside of|ECONN|ER_|at file:/);
}

test('A36 the database hangs: 503 in time for twenty at once, and it comes back', async () => {
  const { inside, waiting, good, assertWell } = await scene();
  await server.pause();
  try {
    await Promise.all([
      assertClosed(() => waiting.guess(good)),
      ...Array.from({ length: 20 }, () => assertClosed(() => inside.get('/'))),
    ]);
  } finally {
    server.resume();
  }
  await assertWell();
});

test('A36 the database killed and started again: closed meanwhile, nothing to repair', async () => {
  const { inside, waiting, good, assertWell } = await scene();
  await server.kill();
  await assertClosed(() => inside.get('/'));
  await assertClosed(() => waiting.guess(good));
  await assertClosed(() => nodes.visitor(1).get('/2fa/health'));
  await server.start();
  await assertWell();
});

test('A36 the database read-only: no code is taken, who is in stays in', async () => {
  const { id, inside, waiting, good, assertWell } = await scene();
  await server.execute('SET GLOBAL read_only = 1');
  try {
    await assertClosed(() => waiting.guess(good));
    const late = nodes.visitor(0);
    await late.post('/login', { id, password: 'right' });
    await assertClosed(() => late.get('/'));
    assert.equal((await inside.get('/')).body, `inside of ${id}`);
  } finally {
    await server.execute('SET GLOBAL read_only = 0');
  }
  assert.equal((await waiting.guess(good)).location, '/', 'the try was not lost with its code');
  await assertWell();
});
