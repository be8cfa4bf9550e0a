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
  prepare(): Promise<Prepared>;
  run(prepared: Prepared, next: Held): Promise<unknown>;
  /** After the restart; leaves the account with a factor that `held` opens, or without one. */
  check(prepared: Prepared, next: Held, done: Done): Promise<void>;
}

async function withoutFactor(): Promise<Prepared> {
  const actor = somebody();
  assert.equal((await actor.logIn()).path, '/', 'an account without a factor');
  return { actor, held: nothing(), code: '' };
}

async function withFactor(): Promise<Prepared> {
  const { actor, held } = await withoutFactor();
  await actor.turnOn(held);
  return { actor, held, code: await panel.nextCode(held.key) };
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
    prepare: async () => ({ ...(await withFactor()), actor: somebody() }),
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
    prepare: async () => ({ ...(await withFactor()), actor: somebody() }),
    run: ({ actor, held }) => actor.enter(held.recoveryCodes[0] ?? ''),
    check: async ({ held }, next, done) => {
      const again = await somebody().enter(held.recoveryCodes[0] ?? '');
      if (done('TypeOrmFactorStore.claimRecoveryCode')) assert.match(alertIn(again), /used already/);
      else assert.equal(again.location, '/');
      assert.equal((await somebody().enter(held.recoveryCodes[1] ?? '')).location, '/');
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
    /** Leaves nothing of one round to the next. */
    const reset = async (held: Held) => {
      const actor = somebody();
      await actor.enter(held.key && (await panel.nextCode(held.key)));
      if (await actor.isActive()) assert.equal((await actor.turnOff()).status, 303);
      await wipe.flushall();
    };
    const first = await prepare();
    const shown = { ...first.held };
    await panel.plan();
    await run(first, shown);
    const { writes } = panel;
    assert.equal(writes.filter((write) => write === decisive).length, 1, writes.join(', '));
    await reset(shown);
    console.log(
      `${name}: ${writes.length} writes: ${writes.map((write) => write.replace(/^\w+?(?=[A-Z]\w+\.)/, '')).join(', ')}`,
    );
    let deaths = 0;
    for (let killAt = 0; killAt <= writes.length; killAt += 1) {
      const prepared = await prepare();
      const next = nothing();
      const before = killAt === 0;
      const begun = await panel.survive(before ? 1 : killAt, before, () => run(prepared, next));
      assert.deepEqual(begun, writes.slice(0, killAt), 'the same writes as without a death');
      deaths += 1;
      await check(prepared, next, (write) => begun.includes(write));
      await reset(next);
    }
    console.log(`${name}: killed ${deaths} times`);
  });
}
