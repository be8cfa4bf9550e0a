import assert from 'node:assert/strict';
import { alertIn } from '../support/client-journey.js';
import { admin, client1 } from '../support/demo-people.js';
import type { Held } from './journeys.js';
import type { Prepared, Stage } from './stage.js';

/** Was this write begun before the death? */
type Done = (write: string) => boolean;

/** What somebody does while the panel dies, and what must hold when it is back. */
export interface Journey {
  readonly name: string;
  /** A write that must be among those of the journey: the one that decides. */
  readonly decisive: string;
  /** `left`: the factor that the round before has left. */
  prepare(stage: Stage, left: Held): Promise<Prepared>;
  run(prepared: Prepared, next: Held): Promise<unknown>;
  /** After the restart; leaves in `next` the factor that the account has then. */
  check(stage: Stage, prepared: Prepared, next: Held, done: Done): Promise<void>;
}

const nothing = (): Held => ({ key: '', recoveryCodes: [] });

export const JOURNEYS: readonly Journey[] = [
  {
    name: 'enrolment',
    decisive: 'TypeOrmFactorStore.activate',
    prepare: (stage, left) => stage.withoutFactor(left),
    run: ({ actor }, next) => actor.turnOn(next),
    check: async (stage, { actor }, next, done) => {
      if (done('TypeOrmFactorStore.activate')) {
        await stage.assertOpens(next);
        const opened = await stage.somebody().enter(next.recoveryCodes[0] ?? '');
        assert.equal(opened.location, '/', 'a recovery code that was shown');
        return;
      }
      await stage.assertOff();
      // The key that was shown may be there still; the code it was proven with is no good any more.
      await stage.panel.nextCode(next.key || 'AAAA');
      const held = nothing();
      await actor.turnOn(held);
      await stage.assertOpens(held);
      Object.assign(next, held);
    },
  },
  {
    name: 'login with a code',
    decisive: 'TypeOrmFactorStore.claimStep',
    prepare: async (stage, left) => ({ ...(await stage.withFactor(left)), actor: stage.somebody() }),
    run: ({ actor, code }) => actor.enter(code),
    check: async (stage, { held, code }, next, done) => {
      const again = await stage.somebody().enter(code);
      if (done('TypeOrmFactorStore.claimStep')) assert.match(alertIn(again), /already been used/);
      else assert.equal(again.location, '/');
      await stage.assertOpens(held);
      Object.assign(next, held);
    },
  },
  {
    name: 'login with a recovery code',
    decisive: 'TypeOrmFactorStore.claimRecoveryCode',
    prepare: async (stage, left) => ({ ...(await stage.withFactor(left)), actor: stage.somebody() }),
    run: ({ actor, held }) => actor.enter(held.recoveryCodes[0] ?? ''),
    check: async (stage, { held }, next, done) => {
      const again = await stage.somebody().enter(held.recoveryCodes[0] ?? '');
      if (done('TypeOrmFactorStore.claimRecoveryCode')) assert.match(alertIn(again), /already been used/);
      else assert.equal(again.location, '/');
      assert.equal((await stage.somebody().enter(held.recoveryCodes[1] ?? '')).location, '/');
      held.recoveryCodes.splice(0, 2);
      await stage.assertOpens(held);
      Object.assign(next, held);
    },
  },
  {
    name: 'a move to another device',
    decisive: 'TypeOrmFactorStore.activate',
    prepare: (stage, left) => stage.withFactor(left),
    run: ({ actor, code }, next) => actor.swap(code, next),
    check: async (stage, { actor, held, code }, next, done) => {
      const swapped = done('TypeOrmFactorStore.activate');
      const used = await stage.somebody().enter(code);
      // Under the new key it is a code of nothing, unless by an accident of one in a few hundred thousand.
      if (swapped) assert.match(alertIn(used), /code is wrong/);
      else if (done('TypeOrmFactorStore.claimStep')) assert.match(alertIn(used), /already been used/);
      else assert.equal(used.location, '/');
      await stage.assertOpens(swapped ? next : held);
      if (swapped) return;
      const other = nothing();
      await actor.swap(await stage.panel.nextCode(held.key), other);
      await stage.assertOpens(other);
      Object.assign(next, other);
    },
  },
  {
    name: 'turning off',
    decisive: 'TypeOrmFactorStore.remove',
    prepare: (stage, left) => stage.withFactor(left),
    run: ({ actor }) => actor.turnOff(),
    check: async (stage, { actor, held }, next, done) => {
      Object.assign(next, held);
      if (!done('TypeOrmFactorStore.remove')) return stage.assertOpens(held);
      await stage.assertOff();
      assert.equal((await actor.get('/')).status, 200, 'the session that was cleared goes on');
      await actor.turnOn(next);
      await stage.assertOpens(next);
    },
  },
  {
    name: 'a renewal of recovery codes',
    decisive: 'TypeOrmFactorStore.renewRecoveryCodes',
    prepare: (stage, left) => stage.withFactor(left),
    run: ({ actor, held, code }, next) => {
      next.key = held.key;
      return actor.renew(code, next);
    },
    check: async (stage, { actor, held, code }, next, done) => {
      const renewed = done('TypeOrmFactorStore.renewRecoveryCodes');
      const old = await stage.somebody().enter(held.recoveryCodes[0] ?? '');
      if (renewed) assert.match(alertIn(old), /recovery code is not right/);
      else assert.equal(old.location, '/');
      if (done('TypeOrmFactorStore.claimStep'))
        assert.match(alertIn(await stage.somebody().enter(code)), /already been used/);
      await stage.assertOpens(held);
      await actor.renew(await stage.panel.nextCode(held.key), next);
      next.key = held.key;
    },
  },
  {
    name: "an admin's step-up and switching off",
    decisive: 'TypeOrmFactorStore.remove',
    prepare: async (stage, left) => {
      const prepared = await stage.withFactor(left);
      const actor = stage.somebody(admin);
      await actor.logIn();
      return { ...prepared, actor };
    },
    run: async ({ actor, held }, next) => {
      Object.assign(next, held);
      assert.equal((await actor.switchOff(client1)).status, 303);
    },
    check: async (stage, { actor, held }, next, done) => {
      Object.assign(next, held);
      if (!done('TypeOrmFactorStore.remove')) {
        await stage.assertOpens(held);
        assert.equal((await actor.switchOff(client1)).status, 303, 'and can be done again');
      }
      await stage.assertOff();
      const owner = stage.somebody();
      await owner.enter('');
      await owner.turnOn(next);
      await stage.assertOpens(next);
    },
  },
];
