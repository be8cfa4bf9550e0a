import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { Redis } from 'ioredis';
import { behindGateway } from '../gateway/ispconfig/setup.js';
import { accounts } from '../support/ispconfig/accounts.js';
import { startMariaDb } from '../support/mariadb.js';
import type { Reply } from '../support/panel-client.js';
import { startRedis } from '../support/redis.js';
import { SlowProxy } from '../support/slow-proxy.js';

/** Two seconds are the limit for a store; the rest is for a busy machine. */
const PATIENCE = 5_000;

/** The plugin's own database, apart from the panel's. */
const own = await startMariaDb();
await own.execute("CREATE DATABASE f; CREATE USER p IDENTIFIED BY 'p'; GRANT ALL ON f.* TO p");
const redis = await startRedis();
const proxy = await SlowProxy.start(Number(new URL(redis.url).port));
const control = new Redis(redis.url);
const { person, heard } = await behindGateway({
  config: { database: own.url('p', 'p', 'f'), redis: `redis://127.0.0.1:${proxy.port}` },
});
after(async () => {
  control.disconnect();
  proxy.stop();
  await Promise.all([redis.stop(), own.stop()]);
});
const factor = await person(accounts.client1).enrol();
const used = factor.recoveryCode;
const member = () => person(accounts.client1);
assert.equal((await (await member().wait()).giveCode(used)).location, '/index.php');

const inside = await member().enter(factor);
/** Never looked at: what is typed while a store is away. */
const unread = factor.recoveryCodes.at(-1) ?? '';

/** In plain words, in time, and the panel hears nothing of it. */
async function assertClosed(...asks: (() => Promise<Reply>)[]): Promise<void> {
  const requests = await heard(async () => {
    for (const ask of asks) {
      const begin = performance.now();
      const reply = await ask();
      const milliseconds = Math.round(performance.now() - begin);
      assert.ok(milliseconds < PATIENCE, `${milliseconds} ms`);
      assert.equal(reply.status, 503, reply.body);
      assert.match(reply.body, /at the moment/);
      assert.doesNotMatch(reply.body, /Logout|ECONN|ER_|at file:/);
    }
  });
  assert.deepEqual(requests, []);
}

/** Nothing has to be repaired: what was used stays used, and what was not opens. */
async function assertWell(): Promise<void> {
  const end = Date.now() + 30_000;
  while ((await inside.get('/2fa/health')).status !== 200) {
    assert.ok(Date.now() < end, 'it does not get well again');
    await delay(50);
  }
  assert.equal(await inside.nameInShell(), accounts.client1.name);
  const again = await member().wait();
  assert.match((await again.giveCode(used)).body, /already been used/);
  assert.equal((await again.giveCode(factor.recoveryCode)).location, '/index.php');
}

test('A36 gateway: its own database hangs: 503 in time, nothing passes, and it comes back', async () => {
  const waiting = await member().wait();
  const page = await waiting.get('/2fa/login');
  await own.pause();
  try {
    await Promise.all([
      assertClosed(() => inside.get('/index.php')),
      assertClosed(() => waiting.submit(page, { code: unread })),
    ]);
  } finally {
    own.resume();
  }
  await assertWell();
});

test('A36 gateway: its own database killed and started again: closed meanwhile, nothing to repair', async () => {
  const waiting = await member().wait();
  await own.kill();
  await assertClosed(
    () => inside.get('/index.php'),
    () => waiting.get('/2fa/login'),
  );
  await own.start();
  await assertWell();
});

test('A36 gateway: its own database read-only: no code is taken, who is in stays in', async () => {
  const waiting = await member().wait();
  const page = await waiting.get('/2fa/login');
  const code = factor.recoveryCode;
  await own.execute('SET GLOBAL read_only = 1');
  try {
    await assertClosed(() => waiting.submit(page, { code }));
    assert.equal(await inside.nameInShell(), accounts.client1.name);
    await assertClosed(() => inside.turnOff());
  } finally {
    await own.execute('SET GLOBAL read_only = 0');
  }
  assert.equal((await (await member().wait()).giveCode(code)).location, '/index.php', 'it was not used up');
  await assertWell();
});

test('A36 gateway: Redis slow: within its time a code opens, beyond it the login is closed and who is in stays in', async () => {
  const waiting = await member().wait();
  proxy.delay = 100;
  assert.equal((await waiting.giveCode(factor.recoveryCode)).location, '/index.php');
  const later = await member().wait();
  const page = await later.get('/2fa/login');
  proxy.delay = 10_000;
  try {
    await assertClosed(
      () => later.submit(page, { code: unread }),
      () => later.get('/2fa/login'),
    );
    assert.equal(await inside.nameInShell(), accounts.client1.name);
  } finally {
    proxy.delay = 0;
    proxy.cut();
  }
  await assertWell();
});

test('A36 A46 gateway: Redis flushed: who waits begins again with the password, who is in stays in', async () => {
  const waiting = await member().wait();
  await control.flushall();
  assert.equal((await waiting.get('/index.php')).location, '/login/?twofa=expired');
  assert.match((await waiting.get('/index.php')).location ?? '', /^\/login/, 'the session has ended');
  await assertWell();
});
