import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { rmSync, statfsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, type TestContext, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { Redis } from 'ioredis';
import { atExit } from '../support/at-exit.js';
import { alertIn } from '../support/client-journey.js';
import { client1 } from '../support/demo-people.js';
import type { Reply } from '../support/panel-client.js';
import { startRedis } from '../support/redis.js';
import { SlowProxy } from '../support/slow-proxy.js';
import { tempFolder } from '../support/temp-folder.js';
import { Actor, type Held } from './journeys.js';
import { MortalDemo } from './mortal-demo.js';

/** Two seconds are the limit for a store; the rest is for a busy machine. */
const PATIENCE = 5_000;

const redis = await startRedis();
const proxy = await SlowProxy.start(Number(new URL(redis.url).port));
const control = new Redis(redis.url, { lazyConnect: true, retryStrategy: () => 50 });
control.on('error', () => undefined);
const alive = setInterval(() => undefined, 1_000);
after(async () => {
  control.disconnect();
  proxy.stop();
  await redis.stop();
  clearInterval(alive);
});

/** A panel with one account that has a factor: who is in, who waits at the code page, and a code that was used. */
async function scene(t: TestContext, data?: string) {
  const panel = await MortalDemo.start(`redis://127.0.0.1:${proxy.port}`, data);
  t.after(() => panel.demo.stop());
  const somebody = () => new Actor(panel.demo.url, client1, (key) => panel.codeNow(key));
  const held: Held = { key: '', recoveryCodes: [] };
  const inside = somebody();
  await inside.logIn();
  await inside.turnOn(held);
  const usedCode = await panel.nextCode(held.key);
  assert.equal((await somebody().enter(usedCode)).location, '/');
  const usedRecovery = held.recoveryCodes.shift() ?? '';
  assert.equal((await somebody().enter(usedRecovery)).location, '/');
  const waiting = somebody();
  assert.equal((await waiting.logIn()).path, '/2fa/login');
  /** What was used stays used, and a new code opens: nothing has to be repaired. */
  const assertWell = async () => {
    for (const [code, text] of [
      [usedCode, /code has already been used|code is wrong/],
      [usedRecovery, /already been used/],
    ] as const) {
      const again = somebody();
      await until(
        () => again.logIn(),
        ({ path, status }) => path === '/2fa/login' && status === 200,
      );
      assert.match(alertIn(await again.enterCode(code)), text);
    }
    assert.equal((await somebody().enter(await panel.nextCode(held.key))).location, '/');
    assert.equal((await inside.get('/')).status, 200);
  };
  return { panel, somebody, held, inside, waiting, assertWell };
}

async function until(ask: () => Promise<Reply>, wanted: (reply: Reply) => boolean): Promise<Reply> {
  for (let tries = 0; ; tries += 1) {
    const reply = await ask();
    if (wanted(reply)) return reply;
    assert.ok(tries < 200, `${reply.status} ${reply.body}`);
    await sleep(100);
  }
}

/** Closed in plain words, in time. */
async function assertClosed(
  ask: () => Promise<Reply>,
  text = /at the moment|Nothing was changed/,
): Promise<void> {
  const begin = performance.now();
  const reply = await ask();
  const milliseconds = Math.round(performance.now() - begin);
  assert.ok(milliseconds < PATIENCE, `${milliseconds} ms`);
  assert.equal(reply.status, 503, reply.body);
  assert.match(alertIn(reply), text);
  assert.doesNotMatch(reply.body, /SQLITE|ECONN|at file:|Welcome/);
}

test('A36 Redis slow: within its time everything works, beyond it the login is closed and who is in stays in', async (t) => {
  const { somebody, inside, waiting, assertWell } = await scene(t);
  t.after(() => {
    proxy.delay = 0;
  });
  proxy.delay = 60;
  assert.equal((await somebody().logIn()).path, '/2fa/login');
  proxy.delay = 1_000;
  await assertClosed(() => somebody().logIn());
  await assertClosed(() => waiting.get('/'));
  await assertClosed(() => inside.get('/tools/user_settings'));
  assert.equal((await inside.get('/')).status, 200);
  proxy.delay = 0;
  await until(
    () => inside.get('/2fa/health'),
    ({ status }) => status === 200,
  );
  await assertWell();
});

test('A36 Redis cut off, killed and empty again: no second use of anything, no code page for who waited', async (t) => {
  const { inside, waiting, assertWell, somebody } = await scene(t);
  proxy.cut();
  assert.equal((await inside.get('/')).status, 200);
  await until(
    () => inside.get('/2fa/health'),
    ({ status }) => status === 200,
  );
  assert.equal((await waiting.get('/')).location, '/2fa/login', 'a lost connection loses no login');
  await redis.kill();
  assert.equal((await inside.get('/')).status, 200);
  await assertClosed(() => somebody().logIn());
  await redis.start();
  await until(
    () => inside.get('/2fa/health'),
    ({ status }) => status === 200,
  );
  assert.match((await waiting.get('/')).location ?? '', /^\/login/);
  await assertWell();
});

test('A36 Redis flushed: who waits or sets up begins again, who is in stays in', async (t) => {
  const { inside, waiting, held, panel, assertWell } = await scene(t);
  const settings = await inside.setupFields();
  const proof = { ...settings, password: client1.password, code: await panel.nextCode(held.key) };
  await inside.post('/2fa/settings/move', proof);
  await control.flushall();
  assert.match((await waiting.enterCode('123456').catch(() => waiting.get('/'))).location ?? '', /^\/login/);
  const code = await panel.nextCode(held.key);
  const late = await inside.post('/2fa/settings/register', { ...settings, code });
  assert.equal(late.status, 422);
  assert.match(alertIn(late), /over|begin|again|start/i);
  await assertWell();
});

test('A46 demo: Redis flushed between guesses gives no fresh allowance', async (t) => {
  const { held, somebody, inside } = await scene(t);
  for (let guess = 1; guess <= 10; guess += 1) {
    const again = somebody();
    assert.equal((await again.logIn()).path, '/2fa/login');
    assert.match(alertIn(await again.enterCode('1234567')), /code is wrong/);
    await control.flushall();
    assert.match((await again.get('/2fa/login')).location ?? '', /^\/login/, 'no five new tries');
  }
  const late = somebody();
  await late.logIn();
  assert.equal((await late.enterCode('000000')).status, 429, 'locked, flushed or not');
  assert.equal(
    (await late.enterCode(held.recoveryCodes[0] ?? '')).status,
    303,
    'and a recovery code gets in',
  );
  assert.equal((await inside.get('/')).status, 200);
});

/** One login that was opened long ago; enough of them leave no page with room for another. */
const ROW = 'INSERT INTO twofa_opened_login (id, opened_at) VALUES (hex(randomblob(22)), 1)';

for (const [what, limits, release] of [
  ['read-only', ['PRAGMA query_only = 1'], 'PRAGMA query_only = 0'],
  [
    'full (max_page_count)',
    ['PRAGMA max_page_count = 1', ...Array.from({ length: 300 }, () => ROW)],
    'PRAGMA max_page_count = 1073741823',
  ],
] as const) {
  test(`A36 the database ${what}: nobody gets in, nothing is half done, who is in stays in`, async (t) => {
    const { panel, somebody, held, inside, waiting, assertWell } = await scene(t);
    const code = await panel.nextCode(held.key);
    await panel.plan({ clock: panel.clock, sql: limits });
    await until(
      () => somebody().logIn(),
      ({ status }) => status === 503,
    );
    await assertClosed(() => somebody().logIn());
    if (what === 'read-only') {
      await assertClosed(() => waiting.enterCode(code));
      await assertClosed(() => inside.turnOff());
      assert.equal((await waiting.get('/')).location, '/2fa/login');
    }
    assert.equal((await inside.get('/')).status, 200);
    await panel.plan({ clock: panel.clock, sql: [release] });
    assert.equal(await inside.isActive(), true);
    await assertWell();
  });
}

test('A36 the disk full: closed in plain words, and well again when there is room', async (t) => {
  const data = tempFolder();
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=2m', 'tmpfs', data], { stdio: 'pipe' });
  } catch (error) {
    return t.skip(`no file system may be mounted here: ${(error as Error).message.trim()}`);
  }
  atExit(() => execFileSync('umount', ['-l', data], { stdio: 'ignore' }));
  const { panel, somebody, held, inside, waiting, assertWell } = await scene(t, data);
  const code = await panel.nextCode(held.key);
  const { bavail, bsize } = statfsSync(data);
  writeFileSync(join(data, 'filler'), Buffer.alloc(bavail * bsize));
  assert.equal(statfsSync(data).bavail, 0);
  await until(
    () => somebody().logIn(),
    ({ status }) => status >= 500,
  );
  await assertClosed(() => waiting.enterCode(code));
  assert.equal((await inside.get('/')).status, 200);
  assert.notEqual((await waiting.get('/')).status, 200);
  rmSync(join(data, 'filler'));
  await assertWell();
});

test('A36 the clock an hour ahead and back: no code comes back, nobody gets in without one', async (t) => {
  const { panel, somebody, held, inside, waiting, assertWell } = await scene(t);
  const before = panel.clock;
  const ahead = before + 3_600_000;
  await panel.plan({ clock: ahead });
  assert.equal((await inside.get('/')).status, 200);
  assert.notEqual((await waiting.get('/')).status, 200);
  const future = panel.codeNow(held.key);
  assert.equal((await somebody().enter(future)).location, '/');
  await panel.plan({ clock: before });
  const early = await somebody().enter(panel.codeNow(held.key));
  assert.match(alertIn(early), /already been used/, 'older than the last one');
  assert.equal((await somebody().enter(held.recoveryCodes[0] ?? '')).location, '/', 'a recovery code helps');
  await panel.plan({ clock: ahead });
  assert.match(alertIn(await somebody().enter(future)), /already been used|code is wrong/);
  await assertWell();
});

test('A36 the clock an hour back: closed, and well again with the right time', async (t) => {
  const { panel, somebody, held, inside, assertWell } = await scene(t);
  const { clock } = panel;
  await panel.plan({ clock: clock - 3_600_000 });
  for (const reply of [await inside.get('/'), await somebody().enter(panel.codeNow(held.key))])
    assert.doesNotMatch(reply.body, /Welcome/);
  assert.doesNotMatch((await inside.follow(await inside.get('/'))).body, /Welcome/);
  await panel.plan({ clock });
  await inside.enter(await panel.nextCode(held.key));
  await assertWell();
});
