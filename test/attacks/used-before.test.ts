import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { parallel } from '../contracts/parallel.js';
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
