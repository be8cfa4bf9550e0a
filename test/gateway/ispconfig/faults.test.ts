import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { accounts } from '../../support/ispconfig/accounts.js';
import type { Reply } from '../../support/panel-client.js';
import { startRedis } from '../../support/redis.js';
import { AS_SCRIPT, type Person } from './person.js';
import { behindGateway } from './setup.js';

const redis = await startRedis();
after(() => redis.stop());
const { person, panel, server, heard } = await behindGateway({
  config: { redis: redis.url, upstreamSeconds: 1 },
});
const { client1, client2 } = accounts;
const factor = await person(client1).enrol();
const cleared = await person(client1).enter(factor);
const waiting = await person(client1).wait();
const stranger = person(client2);

/** Two seconds are the limit for a store; the rest is for a busy machine. */
const PATIENCE = 5_000;

/** A page that says what to do, in time, with nothing of the panel in it. */
async function assertClosed(ask: () => Promise<Reply>, status: number, text: RegExp): Promise<void> {
  const begin = Date.now();
  const reply = await ask();
  assert.ok(Date.now() - begin < PATIENCE, `after ${Date.now() - begin} ms`);
  assert.equal(reply.status, status, reply.body);
  assert.match(reply.body, /<h1>This did not work<\/h1>/);
  assert.match(reply.body, text);
  assert.equal(reply.headers.get('cache-control'), 'no-store');
  assert.doesNotMatch(reply.body, /Logout|ECONN|SELECT|at file:/);
}

async function untilInside(somebody: Person, name: string): Promise<void> {
  const end = Date.now() + 30_000;
  while ((await somebody.nameInShell()) !== name) {
    assert.ok(Date.now() < end, `${name} does not get in again`);
    await delay(50);
  }
}

const STORE = /cannot check your login at the moment/;

test("A36 the panel's database hangs: 503 within a moment for everybody, nothing passes, and it comes back", async () => {
  await server.pause();
  const requests = await heard(async () => {
    try {
      await Promise.all([
        assertClosed(() => cleared.get('/index.php'), 503, STORE),
        assertClosed(() => cleared.get('/dashboard/dashboard.php', AS_SCRIPT), 503, STORE),
        assertClosed(() => waiting.get('/index.php'), 503, STORE),
        assertClosed(() => waiting.get('/2fa/login'), 503, STORE),
        assertClosed(() => cleared.get('/2fa/settings'), 503, STORE),
        assertClosed(() => cleared.get('/login/logout.php'), 503, STORE),
      ]);
      assert.equal((await stranger.get('/js/jquery.min.js')).status, 200, 'static files ask no database');
    } finally {
      server.resume();
    }
  });
  assert.deepEqual(
    requests.map(({ path }) => path),
    ['/js/jquery.min.js'],
  );
  await untilInside(cleared, 'client1');
  assert.equal((await waiting.get('/index.php')).location, '/2fa/login');
});

test("A36 the panel's database is killed: 503, and the gateway finds it again by itself", async () => {
  await server.kill();
  try {
    await assertClosed(() => cleared.get('/index.php'), 503, STORE);
    await assertClosed(() => waiting.get('/index.php'), 503, STORE);
  } finally {
    await server.start();
  }
  await untilInside(cleared, 'client1');
  assert.equal((await waiting.get('/index.php')).location, '/2fa/login');
});

test('the panel is stopped: 502 and a page that says so, for documents and for our own end of a session', async () => {
  const text = /The panel is not responding at the moment/;
  await panel.stop();
  try {
    await assertClosed(() => cleared.get('/index.php'), 502, text);
    await assertClosed(() => stranger.get('/login/'), 502, text);
    await assertClosed(() => cleared.post('/tools/user_settings.php', { language: 'de' }), 502, text);
    assert.equal((await cleared.get('/2fa/settings')).status, 200, 'our own pages need no panel');
  } finally {
    await panel.start();
  }
  await untilInside(cleared, 'client1');
});

test('the panel hangs: 504 and a page that says what that means', async () => {
  panel.misbehaviour.hangs = true;
  try {
    await assertClosed(() => cleared.get('/index.php'), 504, /may still take effect/);
  } finally {
    panel.misbehaviour.hangs = false;
  }
});

test('an answer of the panel breaks off: so does ours, and the next one is whole', async () => {
  panel.misbehaviour.breaksOff = true;
  try {
    await assert.rejects(cleared.get('/mail/mail_user_list.php'));
    // Its answer is looked at before it goes on, so there is still time for a page of ours.
    assert.equal((await cleared.get('/login/logout.php')).status, 502);
  } finally {
    panel.misbehaviour.breaksOff = false;
  }
  assert.equal(await cleared.nameInShell(), 'client1');
});

for (const how of ['hangs', 'is killed'] as const) {
  test(`A36 Redis ${how}: cleared sessions go on, new logins wait with 503, no code clears, and all comes back`, async () => {
    if (how === 'hangs') await redis.pause();
    else await redis.kill();
    const unasked = person(client1);
    try {
      assert.equal(await cleared.nameInShell(), 'client1');
      const requests = await heard(async () => {
        await assertClosed(() => waiting.get('/2fa/login'), 503, STORE);
        await assertClosed(
          () => stranger.post('/login/index.php', { username: 'client2', password: 'x' }),
          503,
          STORE,
        );
      });
      assert.deepEqual(requests, [], 'a login that cannot be counted is not sent');
    } finally {
      if (how === 'hangs') redis.resume();
      else await redis.start();
    }
    while ((await stranger.get('/2fa/health')).status !== 200) await delay(20);
    assert.equal(await cleared.nameInShell(), 'client1');
    assert.equal((await unasked.logIn()).status, 302);
    assert.equal((await unasked.giveCode(factor.recoveryCode)).location, '/index.php');
  });
}

test("A36 Redis and the panel's database hang together: 503 as soon as for one of them", async () => {
  const waitingAgain = await person(client1).wait();
  await Promise.all([redis.pause(), server.pause()]);
  try {
    await Promise.all([
      assertClosed(() => cleared.get('/index.php'), 503, STORE),
      assertClosed(() => waitingAgain.get('/2fa/login'), 503, STORE),
      assertClosed(() => waitingAgain.post('/2fa/login', { code: factor.nextCode }), 503, STORE),
      assertClosed(
        () => stranger.post('/login/index.php', { username: 'client2', password: 'x' }),
        503,
        STORE,
      ),
    ]);
  } finally {
    redis.resume();
    server.resume();
  }
  await untilInside(cleared, 'client1');
});

test('A46 after Redis came back empty the login that waited has to start again', async () => {
  assert.equal((await waiting.get('/index.php')).location, '/login/?twofa=expired');
  await waiting.enter(factor);
});
