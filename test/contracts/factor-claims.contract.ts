import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { FactorStore } from '../../src/core/codes/factor-store.js';
import { activated, factorOf, freshKey, NOW, newFactor, STEP } from './factors.js';
import { winners } from './parallel.js';

/** What every `FactorStore` must do when a code was right. */
export function factorClaimsContract(name: string, open: () => FactorStore): void {
  describe(`FactorStore contract, claims: ${name}`, () => {
    it('attack: one code in fifty parallel requests logs in once', async () => {
      const store = open();
      const key = await activated(store);
      assert.equal(await winners(50, () => store.claimStep(key, 'first', STEP + 1, NOW)), 1);
      assert.equal((await factorOf(store, key)).lastStep, STEP + 1);
    });

    it('attack: neither the step of the activation nor an older one is accepted', async () => {
      const store = open();
      const key = await activated(store);
      for (const step of [STEP, STEP - 1, 0]) {
        assert.equal(await store.claimStep(key, 'first', step, NOW), false);
      }
      const factor = await factorOf(store, key);
      assert.equal(factor.lastStep, STEP);
      assert.equal(factor.lastUsedAt, undefined);
    });

    it('attack: a step of an older generation is worth nothing', async () => {
      const store = open();
      const key = await activated(store);
      await store.activate(newFactor(key, 'second'), 'first');
      assert.equal(await store.claimStep(key, 'first', STEP + 1, NOW), false);
      assert.equal(await store.claimStep(key, 'second', STEP + 1, NOW), true);
    });

    it('a claimed step clears failures and lock and notes the use', async () => {
      const store = open();
      const key = await activated(store);
      for (let failures = 0; failures < 10; failures++) {
        await store.spendAttempt(key, 'first', NOW);
      }
      assert.equal((await factorOf(store, key)).lockedUntil, NOW + 30_000);
      assert.equal(await store.claimStep(key, 'first', STEP + 1, NOW + 7), true);
      const { failures, lockedUntil, lastUsedAt } = await factorOf(store, key);
      assert.deepEqual(
        { failures, lockedUntil, lastUsedAt },
        { failures: 0, lockedUntil: undefined, lastUsedAt: NOW + 7 },
      );
    });

    it('attack: one recovery code in fifty parallel requests logs in once', async () => {
      const store = open();
      const key = await activated(store);
      assert.equal(await winners(50, () => store.claimRecoveryCode(key, 'first', 'salt-first', 4, NOW)), 1);
      assert.equal((await factorOf(store, key)).recoveryUsed, 1 << 4);
    });

    it('different recovery codes at once are all accepted, each once', async () => {
      const store = open();
      const key = await activated(store);
      const won = await winners(50, (index) => {
        return store.claimRecoveryCode(key, 'first', 'salt-first', index % 10, NOW);
      });
      assert.equal(won, 10);
      assert.equal((await factorOf(store, key)).recoveryUsed, 0b11_1111_1111);
    });

    it('attack: a code of a set that was renewed, or of another generation, is worth nothing', async () => {
      const store = open();
      const key = await activated(store);
      await store.renewRecoveryCodes(key, 'first', 'salt-first', { salt: 'salt-next', digests: ['e0'] });
      assert.equal(await store.claimRecoveryCode(key, 'first', 'salt-first', 0, NOW), false);
      assert.equal(await store.claimRecoveryCode(key, 'other', 'salt-next', 0, NOW), false);
      assert.equal(await store.claimRecoveryCode(key, 'first', 'salt-next', 0, NOW), true);
    });

    it('a recovery code clears failures and lock and leaves the step alone', async () => {
      const store = open();
      const key = await activated(store);
      await store.spendAttempt(key, 'first', NOW);
      assert.equal(await store.claimRecoveryCode(key, 'first', 'salt-first', 0, NOW + 7), true);
      const { failures, lockedUntil, lastUsedAt, lastStep } = await factorOf(store, key);
      assert.deepEqual([failures, lockedUntil, lastUsedAt, lastStep], [0, undefined, NOW + 7, STEP]);
    });

    it('attack: an index beyond the bits never stands for another code', async () => {
      const store = open();
      const key = await activated(store);
      for (const index of [32, 31, -1, 0.5, Number.NaN]) {
        await assert.rejects(store.claimRecoveryCode(key, 'first', 'salt-first', index, NOW), RangeError);
      }
      assert.equal((await factorOf(store, key)).recoveryUsed, 0);
    });

    it('claims nothing for an account without a factor', async () => {
      const store = open();
      const key = freshKey();
      assert.equal(await store.claimStep(key, 'first', STEP + 1, NOW), false);
      assert.equal(await store.claimRecoveryCode(key, 'first', 'salt-first', 0, NOW), false);
    });
  });
}
