import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { AccountKey } from '../../src/core/account/account.js';
import type { FactorStore } from '../../src/core/codes/factor-store.js';
import { activated, factorOf, freshKey, NOW, newFactor, STEP } from './factors.js';
import { parallel } from './parallel.js';

const LONG = 3_600_000;

/** What every `FactorStore` must do before a code is looked at. It must have been made with `RULE`. */
export function factorAttemptsContract(name: string, open: () => FactorStore): void {
  describe(`FactorStore contract, attempts: ${name}`, () => {
    it('ten failures are free of waiting, then the waits grow from 30 s to 1 h', async () => {
      const store = open();
      const key = await activated(store);
      for (let failures = 1; failures < 10; failures++) {
        assert.deepEqual(await store.spendAttempt(key, 'first', NOW), { kind: 'spent' });
        assert.equal((await factorOf(store, key)).lockedUntil, undefined);
      }
      let now = NOW;
      for (const seconds of [30, 60, 120, 240, 480, 960, 1_920, 3_600, 3_600, 3_600]) {
        assert.deepEqual(await store.spendAttempt(key, 'first', now), { kind: 'spent' });
        const until = now + seconds * 1_000;
        assert.equal((await factorOf(store, key)).lockedUntil, until);
        assert.deepEqual(await store.spendAttempt(key, 'first', until - 1), { kind: 'locked', until });
        now = until;
      }
      assert.equal((await factorOf(store, key)).failures, 19);
    });

    it('attack: fifty parallel tries count ten and no more until the wait is over', async () => {
      const store = open();
      const key = await activated(store);
      const results = await parallel(50, () => store.spendAttempt(key, 'first', NOW));
      assert.equal(results.filter((result) => result.kind === 'spent').length, 10);
      assert.equal(results.filter((result) => result.kind === 'locked').length, 40);
      const next = await parallel(50, () => store.spendAttempt(key, 'first', NOW + 30_000));
      assert.equal(next.filter((result) => result.kind === 'spent').length, 1);
    });

    it('attack: after a hundred failures in a row no code is evaluated, however long one waits', async () => {
      const store = open();
      const key = await activated(store);
      const now = await fail(store, key, 100);
      for (const at of [NOW, now, now + 1_000 * LONG]) {
        assert.deepEqual(await store.spendAttempt(key, 'first', at), { kind: 'exhausted' });
      }
      assert.equal((await factorOf(store, key)).failures, 100);
    });

    it('unlocking clears failures and lock of the generation named, and of no other', async () => {
      const store = open();
      const key = await activated(store);
      const other = await activated(store);
      const now = await fail(store, key, 100);
      await fail(store, other, 11);
      assert.equal(await store.unlock(key, 'another'), false);
      assert.equal(await store.unlock(freshKey(), 'first'), false);
      assert.deepEqual(await store.spendAttempt(key, 'first', now), { kind: 'exhausted' });
      assert.equal(await store.unlock(key, 'first'), true);
      const { failures, lockedUntil } = await factorOf(store, key);
      assert.deepEqual({ failures, lockedUntil }, { failures: 0, lockedUntil: undefined });
      assert.deepEqual(await store.spendAttempt(key, 'first', now), { kind: 'spent' });
      assert.equal((await factorOf(store, other)).failures, 11);
    });

    it('a recovery code is claimed after a hundred failures and under a lock, and clears both', async () => {
      const store = open();
      const key = await activated(store);
      await fail(store, key, 99);
      const now = NOW + 99 * LONG;
      assert.deepEqual(await store.spendAttempt(key, 'first', now), { kind: 'spent' });
      assert.equal((await factorOf(store, key)).lockedUntil, now + LONG);
      assert.equal(await store.claimRecoveryCode(key, 'first', 'salt-first', 0, now), true);
      assert.deepEqual(await store.spendAttempt(key, 'first', now), { kind: 'spent' });
      assert.equal((await factorOf(store, key)).failures, 1);
    });

    it('attack: an older generation moves no counter', async () => {
      const store = open();
      const key = await activated(store);
      await store.activate(newFactor(key, 'second'), 'first');
      assert.deepEqual(await store.spendAttempt(key, 'first', NOW), { kind: 'gone' });
      assert.deepEqual(await store.spendAttempt(freshKey(), 'first', NOW), { kind: 'gone' });
      assert.equal((await factorOf(store, key)).failures, 0);
    });

    it('tries and right codes at once: every try has an answer and every code counts once', async () => {
      const store = open();
      const key = await activated(store);
      const tries = parallel(50, () => store.spendAttempt(key, 'first', NOW));
      const claims = parallel(10, (index) => store.claimStep(key, 'first', STEP + 1 + index, NOW));
      const kinds = new Set((await tries).map((result) => result.kind));
      assert.ok([...kinds].every((kind) => kind === 'spent' || kind === 'locked'));
      assert.ok((await claims).some(Boolean));
    });
  });
}

/** Fails so many times in a row, waiting as long as needed; the time at which the last wait is over. */
async function fail(store: FactorStore, key: AccountKey, count: number): Promise<number> {
  let now = NOW;
  for (let failures = 0; failures < count; failures++) {
    assert.deepEqual(await store.spendAttempt(key, 'first', now), { kind: 'spent' });
    now += LONG;
  }
  return now;
}
