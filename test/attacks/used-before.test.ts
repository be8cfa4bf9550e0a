import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { parallel } from '../contracts/parallel.js';
import { alertIn, recoveryCodesIn, seenIn } from '../support/client-journey.js';
import { startRedis } from '../support/redis.js';
import type { Actor, Held } from './journeys.js';
import { Stage } from './stage.js';

const redis = await startRedis();
const stage = await Stage.open(redis.url);
const { panel } = stage;
const alive = setInterval(() => undefined, 1_000);
after(async () => {
  await stage.close();
  await redis.stop();
  clearInterval(alive);
});

let left: Held = { key: '', recoveryCodes: [] };

/** A factor of this test alone. */
async function enrolled(): Promise<{ actor: Actor; held: Held }> {
  const { actor, held } = await stage.withoutFactor(left);
  await actor.turnOn(held);
  left = held;
  return { actor, held };
}

async function waiting(count: number): Promise<Actor[]> {
  return parallel(count, async () => {
    const somebody = stage.somebody();
    assert.equal((await somebody.logIn()).path, '/2fa/login');
    return somebody;
  });
}

/** How many of these got in, and what the others were told. */
async function together(actors: readonly Actor[], codeOf: (index: number) => string) {
  const replies = await parallel(actors.length, (index) => (actors[index] as Actor).enterCode(codeOf(index)));
  const inside = replies.filter(({ location }) => location === '/').length;
  return { inside, told: replies.filter(({ location }) => location !== '/').map(alertIn) };
}

test('A9 A10 the registration code, one code eight times at once, and an older code after a newer', async () => {
  const { held } = await enrolled();
  assert.match(alertIn(await stage.somebody().enter(held.proof ?? '')), /used already/);
  const older = await panel.nextCode(held.key);
  const code = await panel.nextCode(held.key);
  const { inside, told } = await together(await waiting(8), () => code);
  assert.equal(inside, 1);
  for (const text of told) assert.match(text, /used already|wait/i);
  // On a machine so busy that a step has passed meanwhile it is no code any more.
  assert.match(alertIn(await stage.somebody().enter(older)), /used already|code is wrong/);
});

test('A11 A12 a recovery code eight times at once in every spelling, and two different ones at once', async () => {
  const { actor, held } = await enrolled();
  const [first = '', second = '', third = ''] = held.recoveryCodes;
  const spellings = [first, first.toLowerCase(), first.replaceAll('-', ''), first.replaceAll('-', ' ')];
  const { inside } = await together(await waiting(8), (index) => spellings[index % 4] ?? '');
  assert.equal(inside, 1);
  assert.match(seenIn(await actor.get('/tools/user_settings')), /9 recovery codes left/);
  const two = await together(await waiting(2), (index) => [second, third][index] ?? '');
  assert.equal(two.inside, 2);
  assert.match(seenIn(await actor.get('/tools/user_settings')), /7 recovery codes left/);
});

test('A13 recovery codes from before a renewal, and from before off and on, are refused', async () => {
  const { actor, held } = await enrolled();
  const [old = ''] = held.recoveryCodes;
  const { twofa_csrf = '' } = await actor.setupFields();
  const proof = { twofa_csrf, password: actor.person.password, code: await panel.nextCode(held.key) };
  const renewed = recoveryCodesIn(await actor.post('/2fa/settings/recovery-codes', proof));
  assert.equal(renewed.length, 10);
  assert.match(alertIn(await stage.somebody().enter(old)), /code is wrong/);
  assert.equal((await stage.somebody().enter(renewed[0] ?? '')).location, '/');
  await actor.turnOff();
  await panel.nextCode(held.key);
  await actor.turnOn(held);
  assert.match(alertIn(await stage.somebody().enter(renewed[1] ?? '')), /code is wrong/);
});

test('A34 A45 after turning off, old clearances and who waited at the code page are worth nothing', async () => {
  const { actor } = await enrolled();
  const [attacker] = (await waiting(1)) as [Actor];
  const old = actor.cookies.get('panel-2fa');
  const other = stage.somebody();
  await other.enter(await panel.nextCode(left.key));
  await actor.turnOff();
  assert.match((await attacker.get('/')).location ?? '', /^\/login/, 'the waiting session is ended');
  assert.match((await attacker.get('/2fa/login')).location ?? '', /^\/login/);
  const held = { key: '', recoveryCodes: [] };
  await actor.turnOn(held);
  left = held;
  assert.notEqual(actor.cookies.get('panel-2fa'), old);
  assert.equal((await other.get('/')).location, '/2fa/login', 'cleared for the factor before');
  actor.cookies.set('panel-2fa', old);
  assert.equal((await actor.get('/')).location, '/2fa/login');
});
