import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { theForm } from '../../support/html-forms.js';
import { accounts } from '../../support/ispconfig/accounts.js';
import { startRedis } from '../../support/redis.js';
import { AS_SCRIPT, type Person, WRONG } from './person.js';
import { behindGateway } from './setup.js';

const redis = await startRedis();
after(() => redis.stop());
const { person, database, panel, nextSecond } = await behindGateway({ config: { redis: redis.url } });
const { client1, client2, admin } = accounts;
const factor = await person(client1).enrol();

const lives = async (sessionId: string) => (await database.sessions()).some(({ id }) => id === sessionId);

/** He is outside, and has to give his password again. */
async function assertOut(somebody: Person, sessionId = somebody.sessionId): Promise<void> {
  assert.equal(await lives(sessionId), false, 'the session of the panel is gone');
  somebody.cookies.set('ISPCSESS', sessionId);
  assert.equal((await somebody.get('/index.php')).location, '/login/');
  assert.equal((await somebody.get('/2fa/login')).location, '/login/');
}

/** Redis comes back empty, and the gateway has found it. */
async function flush(): Promise<void> {
  await redis.kill();
  await redis.start();
  const stranger = person(client1);
  while ((await stranger.get('/2fa/health')).status !== 200) await delay(20);
}

test('A1 after five wrong codes the session of the panel is ended, and the login page says why', async () => {
  const somebody = await person(client1).wait();
  for (let tries = 1; tries <= 4; tries += 1) assert.equal((await somebody.giveCode(WRONG)).status, 422);
  assert.equal(await lives(somebody.sessionId), true);
  const { sessionId } = somebody;
  const last = await somebody.giveCode(WRONG);
  assert.equal(last.location, '/login/?twofa=too-many-codes');
  const page = await somebody.follow(last);
  assert.match(page.body, /role="alert">Too many wrong codes\. Enter your password again\./);
  await assertOut(somebody, sessionId);
  const logout = panel.requests.findLast(({ path }) => path === '/login/logout.php');
  assert.equal(logout?.target, '/login/logout.php?l=1', 'through the panel, past the question of "login as"');
  await person(client1).enter(factor);
});

test('A42 cancelling ends the session, and the notice is in the language of the browser', async () => {
  const somebody = await person(client1).wait();
  somebody.headers['accept-language'] = 'de';
  const page = await somebody.get('/2fa/login');
  const { sessionId } = somebody;
  const reply = await somebody.post('/2fa/login/cancel', theForm(page.body).fields);
  assert.equal(reply.location, '/login/?twofa=cancelled');
  assert.match((await somebody.follow(reply)).body, /Die Anmeldung wurde abgebrochen/);
  assert.ok(!panel.fieldNames().includes('twofa'), 'our notice never reaches the panel');
  await assertOut(somebody, sessionId);
});

test('A42 logout from the waiting session, by script and as a document', async () => {
  for (const headers of [AS_SCRIPT, { 'sec-fetch-dest': 'document' }] as Record<string, string>[]) {
    const somebody = await person(client1).wait();
    assert.equal((await somebody.get('/login/logout.php', headers)).body, 'URL_REDIRECT:index.php');
    await assertOut(somebody);
  }
});

test('A46 a waiting login that Redis has lost ends: no five new tries', async () => {
  const somebody = await person(client1).wait();
  for (let tries = 1; tries <= 3; tries += 1) await somebody.giveCode(WRONG);
  await flush();
  const { sessionId } = somebody;
  const reply = await somebody.get('/index.php');
  assert.equal(reply.location, '/login/?twofa=expired');
  assert.match((await somebody.follow(reply)).body, /Your login has expired/);
  await assertOut(somebody, sessionId);
  await person(client1).enter(factor);
});

test('A46 the same by posting a code, and for a fragment', async () => {
  const poster = await person(client1).wait();
  const page = await poster.get('/2fa/login');
  const loader = await person(client1).wait();
  await flush();
  const posted = await poster.submit(page, { code: factor.recoveryCode });
  assert.equal(posted.location, '/login/?twofa=expired', 'even the right one');
  await assertOut(poster);
  const fragment = await loader.get('/dashboard/dashboard.php', AS_SCRIPT);
  assert.equal(fragment.body, '<script>location.href="/login/?twofa=expired"</script>');
  await assertOut(loader);
});

test('a session that the panel does not end stays refused, with a clear page', async () => {
  const somebody = await person(client1).wait();
  const page = await somebody.get('/2fa/login');
  panel.misbehaviour.keepsSessions = true;
  try {
    for (let tries = 1; tries <= 4; tries += 1) await somebody.giveCode(WRONG);
    const late = [await somebody.giveCode(WRONG), await somebody.submit(page, { code: factor.recoveryCode })];
    const cancelled = await somebody.post('/2fa/login/cancel', theForm(page.body).fields);
    const after = await somebody.get('/index.php');
    for (const reply of [...late, cancelled, after]) {
      assert.equal(reply.status, 503, 'the right code comes too late as well');
      assert.match(reply.body, /cannot check your login at the moment/);
      assert.equal(reply.setCookies.length, 0);
    }
    assert.equal(await lives(somebody.sessionId), true);
    for (const path of ['/', '/dashboard/dashboard.php', '/2fa/settings', '/login/']) {
      const reply = await somebody.get(path, AS_SCRIPT);
      assert.doesNotMatch(reply.body, /Logout client1|Welcome|Password/, path);
    }
  } finally {
    panel.misbehaviour.keepsSessions = false;
  }
  assert.equal((await somebody.get('/index.php')).location, '/login/?twofa=expired');
  await assertOut(somebody);
  await person(client1).enter(factor);
});

test('a session cannot be ended while the panel is down: 502, refused, and ended when it is back', async () => {
  const somebody = await person(client1).wait();
  const page = await somebody.get('/2fa/login');
  await panel.stop();
  try {
    const reply = await somebody.post('/2fa/login/cancel', theForm(page.body).fields);
    assert.equal(reply.status, 502);
    assert.match(reply.body, /The panel is not responding at the moment/);
  } finally {
    await panel.start();
  }
  assert.equal((await somebody.get('/index.php')).location, '/login/?twofa=expired');
  await assertOut(somebody);
});

test('A45 an admin switches 2FA off while an attacker waits: he has to log in again', async () => {
  const owner = person(client2);
  await owner.enrol();
  const attacker = await person(client2).wait();
  const boss = person(admin);
  await boss.logIn();
  const path = '/2fa/accounts/user/4';
  const page = await boss.get(path);
  const saved = await boss.post(path, {
    twofa_csrf: /name="twofa_csrf" value="([^"]*)"/.exec(page.body)?.[1] ?? '',
    twofa_shown: 'active',
    twofa_password: admin.password,
  });
  assert.equal(saved.location, path);
  assert.equal((await attacker.get('/index.php')).location, '/login/?twofa=expired');
  await assertOut(attacker);
  assert.equal(await owner.nameInShell(), 'client2', 'who had shown a code goes on');
  await nextSecond();
  const later = person(client2);
  await later.logIn();
  assert.equal(await later.nameInShell(), 'client2', 'and a new login needs none');
});

test('an account that is blocked or deleted in the panel is outside at once, cleared or not', async () => {
  const cleared = await person(client1).enter(factor);
  const waiting = await person(client1).wait();
  await database.query('UPDATE sys_user SET active = 0 WHERE userid = 3');
  for (const somebody of [cleared, waiting]) {
    assert.equal((await somebody.get('/index.php')).location, '/login/');
    assert.equal((await somebody.get('/2fa/settings')).location, '/login/');
  }
  await database.query('UPDATE sys_user SET active = 1 WHERE userid = 3');
  assert.equal(await cleared.nameInShell(), 'client1');
});
