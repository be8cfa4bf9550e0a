import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { Redis } from 'ioredis';
import { alertIn, Member, phoneOf, recoveryCodesIn } from '../support/client-journey.js';
import { Demo } from '../support/demo.js';
import { client1, client2 } from '../support/demo-people.js';
import { keySpellings } from '../support/key-spellings.js';
import type { Reply } from '../support/panel-client.js';
import { type RedisServer, startRedis } from '../support/redis.js';
import { everything } from '../support/redis-dump.js';

async function started(t: TestContext): Promise<{ demo: Demo; redis: RedisServer }> {
  const redis = await startRedis();
  t.after(() => redis.stop());
  const demo = await Demo.start({ args: ['--redis', redis.url] });
  t.after(() => demo.stop());
  return { demo, redis };
}

/** Asks until the answer is as wanted, for at most half a minute; the last answer. */
async function until(ask: () => Promise<Reply>, wanted: (reply: Reply) => boolean): Promise<Reply> {
  const deadline = Date.now() + 30_000;
  for (;;) {
    const reply = await ask();
    if (wanted(reply) || Date.now() > deadline) return reply;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

test('with --redis: on, in by code and recovery code, out after five wrong ones', async (t) => {
  const { demo } = await started(t);
  const member = new Member(demo.url, client1);
  await member.logIn();
  const { phone, recoveryCodes } = await member.enrol();
  for (const code of [await phone.next(), recoveryCodes[0] ?? '']) {
    const again = member.again();
    assert.equal((await again.logIn()).path, '/2fa/login');
    assert.equal((await again.enterCode(code)).location, '/');
  }
  assert.match(await member.settings(), /9 recovery codes left/);
  const attacker = member.again();
  await attacker.logIn();
  for (let wrong = 1; wrong <= 4; wrong += 1)
    assert.match(alertIn(await attacker.enterCode(phone.wrong())), /code is wrong/);
  assert.match((await attacker.enterCode(phone.wrong())).location ?? '', /^\/login/);
});

test('what is waiting in Redis is sealed, and survives a restart of the panel', async (t) => {
  const { demo, redis } = await started(t);
  const member = new Member(demo.url, client1);
  await member.logIn();
  const page = await member.begin();
  const phone = phoneOf(page);
  const registered = await member.submit(
    page,
    { password: client1.password, code: await phone.next() },
    'twofa-setup',
  );
  const recoveryCodes = recoveryCodesIn(registered);
  assert.equal(recoveryCodes.length, 10);
  const { keys, text } = await everything(redis.url);
  assert.ok(
    keys.some((key) => /enrol/i.test(key)),
    keys.join(', '),
  );
  const forbidden = [
    ...keySpellings(phone.key),
    ...recoveryCodes.flatMap((code) => [code, code.replaceAll('-', '')]),
    client1.password,
    member.cookies.get('demo-panel') ?? '',
  ];
  for (const secret of forbidden) {
    assert.ok(secret.length > 5);
    assert.ok(!text.toLowerCase().includes(secret.toLowerCase()), secret);
  }
  await demo.restart();
  assert.equal(phoneOf(await member.get('/2fa/settings')).key, phone.key);
});

test('without Redis who is in stays in, a new login is told to wait, and works again later', async (t) => {
  const { demo, redis } = await started(t);
  const inside = new Member(demo.url, client1);
  await inside.logIn();
  const { phone } = await inside.enrol();
  const waiting = inside.again();
  assert.equal((await waiting.logIn()).path, '/2fa/login');

  await redis.kill();
  assert.equal((await inside.get('/')).status, 200, 'a session that was cleared');
  assert.equal((await new Member(demo.url, client2).logIn()).status, 200, 'who has no factor');
  const late = inside.again();
  for (const reply of [await late.logIn(), await late.get('/2fa/login'), await waiting.get('/')]) {
    assert.equal(reply.status, 503);
    assert.match(alertIn(reply), /cannot check your login at the moment.*try again/);
    assert.ok(Number(reply.headers.get('retry-after')) > 0);
  }
  assert.equal((await late.get('/2fa/health')).status, 503);
  for (const slot of ['/tools/user_settings', '/2fa/settings']) {
    const reply = await inside.get(slot);
    assert.equal(reply.status, 503, slot);
    assert.match(alertIn(reply), /Nothing was changed; try again/);
  }

  await redis.start();
  const page = await until(
    () => inside.again().logIn(),
    ({ status }) => status === 200,
  );
  assert.equal(page.path, '/2fa/login');
  assert.equal((await late.get('/2fa/health')).status, 200);
  const again = inside.again();
  await again.logIn();
  assert.equal((await again.enterCode(await phone.next())).location, '/');
  assert.match((await waiting.get('/')).location ?? '', /^\/login/, 'no new tries for who waited');
});

test('a Redis that hangs is like none', async (t) => {
  const { demo, redis } = await started(t);
  const inside = new Member(demo.url, client1);
  await inside.logIn();
  const { phone } = await inside.enrol();
  await redis.pause();
  t.after(() => redis.resume());
  assert.equal((await inside.get('/')).status, 200);
  const late = inside.again();
  assert.equal((await late.logIn()).status, 503);
  redis.resume();
  const back = await until(
    () => late.get('/2fa/health'),
    ({ status }) => status === 200,
  );
  assert.equal(back.status, 200);
  const again = inside.again();
  assert.equal((await again.logIn()).path, '/2fa/login');
  assert.equal((await again.enterCode(await phone.next())).location, '/');
});

test('10.9 /2fa/readyz is 503 while Redis can be read and takes no writes, and the start is refused', async (t) => {
  const { demo, redis } = await started(t);
  const anybody = new Member(demo.url, client1);
  const admin = new Redis(redis.url);
  t.after(() => admin.disconnect());
  assert.equal((await anybody.get('/2fa/readyz')).body, '{"status":"ready"}');
  await admin.config('SET', 'maxmemory', '1');
  const isReady = (status: number) => (reply: Reply) => reply.status === status;
  const full = await until(() => anybody.get('/2fa/readyz'), isReady(503));
  assert.equal(full.status, 503);
  assert.match(demo.output, /Redis at 127\.0\.0\.1:\d+ cannot be used: its memory is full/);
  assert.equal((await anybody.get('/2fa/health')).status, 200, 'it can be read');
  await assert.rejects(
    Demo.start({ args: ['--redis', redis.url] }),
    /\nRedis at 127\.0\.0\.1:\d+ cannot be used: its memory is full \(maxmemory\)[^\n]*\n$/,
  );
  await admin.config('SET', 'maxmemory', '0');
  assert.equal((await until(() => anybody.get('/2fa/readyz'), isReady(200))).status, 200);
  const written = async () =>
    Number(/cmdstat_eval(?:sha)?:calls=(\d+)/.exec(await admin.info('commandstats'))?.[1]);
  const before = await written();
  await Promise.all(Array.from({ length: 50 }, () => anybody.get('/2fa/readyz')));
  assert.ok((await written()) - before < 60, 'fifty who ask at once share a proof or two');
});
