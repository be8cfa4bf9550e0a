import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { Redis } from 'ioredis';
import { alertIn } from '../support/client-journey.js';
import { client1 } from '../support/demo-people.js';
import { startRedis } from '../support/redis.js';
import { Actor, type Held } from './journeys.js';
import { MortalDemo } from './mortal-demo.js';

/*
 * The panel is killed after each write of a journey, and before the first; what the other writes leave undone is the
 * same as a kill before the next. Redis goes on, so that everything short-lived is there again: the worst case.
 */
const redis = await startRedis();
const panel = await MortalDemo.start(redis.url);
const alive = setInterval(() => undefined, 1_000);
const wipe = new Redis(redis.url);
after(async () => {
  wipe.disconnect();
  await panel.demo.stop();
  await redis.stop();
  clearInterval(alive);
});

const somebody = () => new Actor(panel.demo.url, client1, (key) => panel.codeNow(key));
const nothing = (): Held => ({ key: '', recoveryCodes: [] });

interface Prepared {
  readonly actor: Actor;
  readonly held: Held;
  readonly code: string;
}
/** What was begun to be written before the death; whether it was all is judged by `done`. */
type Done = (write: string) => boolean;

interface Journey {
  readonly name: string;
  /** A write that must be among those of the journey: the one that decides. */
  readonly decisive: string;
  /** `left`: the factor that the round before has left. */
  prepare(left: Held): Promise<Prepared>;
  run(prepared: Prepared, next: Held): Promise<unknown>;
  /** After the restart; leaves in `next` the factor that the account has then. */
  check(prepared: Prepared, next: Held, done: Done): Promise<void>;
}

/** Logged in to an account without a factor. */
async function withoutFactor(left: Held): Promise<Prepared> {
  const actor = somebody();
  await actor.enter(left.key && (await panel.nextCode(left.key)));
  if (await actor.isActive()) assert.equal((await actor.turnOff()).status, 303);
  await wipe.flushall();
  return { actor, held: nothing(), code: '' };
}

/** Logged in and cleared, with the factor that is left of the round before while it has enough recovery codes. */
async function withFactor(left: Held): Promise<Prepared> {
  await wipe.flushall();
  const actor = somebody();
  const inside = left.recoveryCodes.length > 2 && (await actor.enter(await panel.nextCode(left.key)));
  if (inside && inside.location === '/') return { actor, held: left, code: await panel.nextCode(left.key) };
  const { actor: fresh, held } = await withoutFactor(left);
  await fresh.turnOn(held);
  return { actor: fresh, held, code: await panel.nextCode(held.key) };
}

/** Whoever comes back later gets in with this phone, and is not let in without. */
async function assertOpens(held: Held): Promise<void> {
  const later = somebody();
  const outcome = await later.enter(await panel.nextCode(held.key));
  assert.equal(outcome.location, '/', `${outcome.status}`);
  assert.equal(await later.isActive(), true);
}

/** Logs in with the password alone, as nothing is active. */
async function assertOff(): Promise<void> {
  assert.equal((await somebody().logIn()).path, '/');
}

const JOURNEYS: readonly Journey[] = [
  {
    name: 'enrolment',
    decisive: 'TypeOrmFactorStore.activate',
    prepare: withoutFactor,
    run: ({ actor }, next) => actor.turnOn(next),
    check: async ({ actor }, next, done) => {
      if (done('TypeOrmFactorStore.activate')) {
        await assertOpens(next);
        const opened = await somebody().enter(next.recoveryCodes[0] ?? '');
        assert.equal(opened.location, '/', 'a recovery code that was shown');
        return;
      }
      await assertOff();
      // The key that was shown may be there still; the code it was proven with is no good any more.
      await panel.nextCode(next.key || 'AAAA');
      const held = nothing();
      await actor.turnOn(held);
      await assertOpens(held);
      Object.assign(next, held);
    },
  },
  {
    name: 'login with a code',
    decisive: 'TypeOrmFactorStore.claimStep',
    prepare: async (left) => ({ ...(await withFactor(left)), actor: somebody() }),
    run: ({ actor, code }) => actor.enter(code),
    check: async ({ held, code }, next, done) => {
      const again = await somebody().enter(code);
      if (done('TypeOrmFactorStore.claimStep')) assert.match(alertIn(again), /used already/);
      else assert.equal(again.location, '/');
      await assertOpens(held);
      Object.assign(next, held);
    },
  },
  {
    name: 'login with a recovery code',
    decisive: 'TypeOrmFactorStore.claimRecoveryCode',
    prepare: async (left) => ({ ...(await withFactor(left)), actor: somebody() }),
    run: ({ actor, held }) => actor.enter(held.recoveryCodes[0] ?? ''),
    check: async ({ held }, next, done) => {
      const again = await somebody().enter(held.recoveryCodes[0] ?? '');
      if (done('TypeOrmFactorStore.claimRecoveryCode')) assert.match(alertIn(again), /used already/);
      else assert.equal(again.location, '/');
      assert.equal((await somebody().enter(held.recoveryCodes[1] ?? '')).location, '/');
      held.recoveryCodes.splice(0, 2);
      await assertOpens(held);
      Object.assign(next, held);
    },
  },
  {
    name: 'a move to another device',
    decisive: 'TypeOrmFactorStore.activate',
    prepare: withFactor,
    run: ({ actor, code }, next) => actor.swap(code, next),
    check: async ({ actor, held, code }, next, done) => {
      const swapped = done('TypeOrmFactorStore.activate');
      const used = await somebody().enter(code);
      // Under the new key it is a code of nothing, unless by an accident of one in a few hundred thousand.
      if (swapped) assert.match(alertIn(used), /code is wrong/);
      else if (done('TypeOrmFactorStore.claimStep')) assert.match(alertIn(used), /used already/);
      else assert.equal(used.location, '/');
      await assertOpens(swapped ? next : held);
      if (swapped) return;
      const other = nothing();
      await actor.swap(await panel.nextCode(held.key), other);
      await assertOpens(other);
      Object.assign(next, other);
    },
  },
  {
    name: 'turning off',
    decisive: 'TypeOrmFactorStore.remove',
    prepare: withFactor,
    run: ({ actor }) => actor.turnOff(),
    check: async ({ actor, held }, next, done) => {
      Object.assign(next, held);
      if (!done('TypeOrmFactorStore.remove')) return assertOpens(held);
      await assertOff();
      assert.equal((await actor.get('/')).status, 200, 'the session that was cleared goes on');
      await actor.turnOn(next);
      await assertOpens(next);
    },
  },
];

for (const { name, decisive, prepare, run, check } of JOURNEYS) {
  test(`killed at each write of ${name}: nothing half made, nothing used comes back`, async () => {
    const first = await prepare(nothing());
    let left = { ...first.held };
    await panel.plan();
    await run(first, left);
    const { writes } = panel;
    assert.equal(writes.filter((write) => write === decisive).length, 1, writes.join(', '));
    console.log(`${name}: ${writes.length} writes: ${writes.join(', ')}`);
    // The code that was just used: the next round must not be told to begin with it.
    left.recoveryCodes.shift();
    let deaths = 0;
    for (let killAt = 0; killAt <= writes.length; killAt += 1) {
      const prepared = await prepare(left);
      const next = nothing();
      const before = killAt === 0;
      const begun = await panel.survive(before ? 1 : killAt, before, () => run(prepared, next));
      assert.deepEqual(begun, writes.slice(0, killAt), 'the same writes as without a death');
      deaths += 1;
      await check(prepared, next, (write) => begun.includes(write));
      left = next;
    }
    console.log(`${name}: killed ${deaths} times`);
    await withoutFactor(left);
  });
}
