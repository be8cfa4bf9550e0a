import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { type AccountKey, keyText } from '../../src/core/account/account.js';
import type { FactorStore } from '../../src/core/codes/factor-store.js';
import { activated, factorOf, freshKey, NOW, newFactor, STEP } from './factors.js';
import { winners } from './parallel.js';

const REMOVAL = { generation: 'tomb', removedAt: NOW + 5 };

/** What every `FactorStore` must do with the life of a factor. It must have been made with `RULE`. */
export function factorStoreContract(name: string, open: () => FactorStore): void {
  describe(`FactorStore contract, life of a factor: ${name}`, () => {
    it('finds nothing for an account without a factor', async () => {
      assert.deepEqual(await open().find(freshKey()), { kind: 'none' });
    });

    it('finds what was activated, number for number', async () => {
      const store = open();
      const factor = newFactor(freshKey('mailuser'), 'first', { period: 60 });
      assert.equal(await store.activate(factor, undefined), true);
      const unused = { lastUsedAt: undefined, failures: 0, lockedUntil: undefined, recoveryUsed: 0 };
      assert.deepEqual(await store.find(factor.key), { kind: 'active', factor: { ...factor, ...unused } });
    });

    it('attack: the same id in the other realm has no factor', async () => {
      const store = open();
      const { id } = await activated(store);
      assert.equal((await store.find({ realm: 'mailuser', id })).kind, 'none');
      assert.equal(await store.claimStep({ realm: 'mailuser', id }, 'first', STEP + 1, NOW), false);
    });

    it('attack: a key in another case or with a blank is another account', async () => {
      const store = open();
      const key = await activated(store, { realm: 'user', id: `${freshKey().id}-a` });
      assert.equal((await store.find({ ...key, id: key.id.toUpperCase() })).kind, 'none');
      assert.equal((await store.find({ ...key, id: `${key.id}'` })).kind, 'none');
    });

    it('fifty activations at once: one wins', async () => {
      const store = open();
      const key = freshKey();
      const won = await winners(50, (index) => store.activate(newFactor(key, `g${index}`), undefined));
      assert.equal(won, 1);
    });

    it('activates in place of exactly the generation named', async () => {
      const store = open();
      const key = await activated(store);
      assert.equal(await store.activate(newFactor(key, 'second'), undefined), false);
      assert.equal(await store.activate(newFactor(key, 'second'), 'FIRST'), false);
      assert.equal((await factorOf(store, key)).generation, 'first');
      assert.equal(await store.activate(newFactor(key, 'second'), 'first'), true);
      assert.equal(await store.activate(newFactor(key, 'third'), 'first'), false);
      assert.equal((await factorOf(store, key)).generation, 'second');
    });

    it('activates nothing in place of a state that is not there', async () => {
      const store = open();
      const key = freshKey();
      assert.equal(await store.activate(newFactor(key), 'first'), false);
      assert.equal((await store.find(key)).kind, 'none');
    });

    it('fifty swaps at once: one wins', async () => {
      const store = open();
      const key = await activated(store);
      const won = await winners(50, (index) => store.activate(newFactor(key, `g${index}`), 'first'));
      assert.equal(won, 1);
    });

    it('a swap takes nothing over from the old factor', async () => {
      const store = open();
      const key = await activated(store);
      await store.claimRecoveryCode(key, 'first', 'salt-first', 3, NOW);
      await store.spendAttempt(key, 'first', NOW);
      const second = newFactor(key, 'second', { lastStep: STEP - 10, period: 60 });
      await store.activate(second, 'first');
      const unused = { lastUsedAt: undefined, failures: 0, lockedUntil: undefined, recoveryUsed: 0 };
      assert.deepEqual(await factorOf(store, key), { ...second, ...unused });
    });

    it('a removal leaves the tombstone and nothing else', async () => {
      const store = open();
      const key = await activated(store);
      assert.equal(await store.remove(key, 'other', REMOVAL), false);
      assert.equal(await store.remove(key, 'first', REMOVAL), true);
      const tombstone = { key, generation: 'tomb', removedGeneration: 'first', removedAt: NOW + 5 };
      assert.deepEqual(await store.find(key), { kind: 'removed', tombstone });
    });

    it('fifty removals at once: one wins', async () => {
      const store = open();
      const key = await activated(store);
      const won = await winners(50, (index) =>
        store.remove(key, 'first', { ...REMOVAL, generation: `t${index}` }),
      );
      assert.equal(won, 1);
    });

    it('attack: a removed factor takes no code, no attempt, no renewal and no second removal', async () => {
      const store = open();
      const key = await activated(store);
      await store.remove(key, 'first', REMOVAL);
      for (const generation of ['first', 'tomb']) {
        assert.equal(await store.claimStep(key, generation, STEP + 1, NOW), false);
        assert.equal(await store.claimRecoveryCode(key, generation, 'salt-first', 0, NOW), false);
        assert.equal(
          await store.renewRecoveryCodes(key, generation, 'salt-first', newFactor(key).recovery),
          false,
        );
        assert.equal(await store.remove(key, generation, REMOVAL), false);
        assert.deepEqual(await store.spendAttempt(key, generation, NOW), { kind: 'gone' });
      }
    });

    it('activates again only in place of the tombstone', async () => {
      const store = open();
      const key = await activated(store);
      await store.remove(key, 'first', REMOVAL);
      assert.equal(await store.activate(newFactor(key, 'second'), undefined), false);
      assert.equal(await store.activate(newFactor(key, 'second'), 'first'), false);
      assert.equal(await store.activate(newFactor(key, 'second'), 'tomb'), true);
      assert.equal((await factorOf(store, key)).generation, 'second');
    });

    it('renews the recovery codes of exactly the set named', async () => {
      const store = open();
      const key = await activated(store);
      await store.claimRecoveryCode(key, 'first', 'salt-first', 0, NOW);
      const recovery = { salt: 'salt-next', digests: ['e0', 'e1'] };
      assert.equal(await store.renewRecoveryCodes(key, 'other', 'salt-first', recovery), false);
      assert.equal(await store.renewRecoveryCodes(key, 'first', 'salt-other', recovery), false);
      const won = await winners(50, () => store.renewRecoveryCodes(key, 'first', 'salt-first', recovery));
      assert.equal(won, 1);
      const factor = await factorOf(store, key);
      assert.deepEqual(factor.recovery, recovery);
      assert.equal(factor.recoveryUsed, 0);
      assert.equal(factor.generation, 'first');
      assert.equal(factor.lastUsedAt, NOW);
    });

    it('lists states in the order of the keys', async () => {
      const store = open();
      const [user, gone, none] = [await activated(store), await activated(store), freshKey()];
      const mail = await activated(store, { realm: 'mailuser', id: user.id });
      await store.remove(gone, 'first', REMOVAL);
      const keys = [none, mail, gone, user, user];
      const expected = await Promise.all(keys.map((key) => store.find(key)));
      assert.deepEqual(await store.list(keys), expected);
      assert.deepEqual(
        expected.map((state) => state.kind),
        ['none', 'active', 'removed', 'active', 'active'],
      );
      assert.deepEqual(await store.list([]), []);
    });

    it('walks through all active factors in pages, each once, whatever is removed on the way', async () => {
      const store = open();
      const ids = Array.from({ length: 5 }, () => freshKey().id);
      const keys = ids.flatMap((id) => [{ realm: 'user', id } as const, { realm: 'mailuser', id } as const]);
      for (const key of keys) await activated(store, key);
      const tombstone = await activated(store);
      await store.remove(tombstone, 'first', REMOVAL);
      for (const limit of [1, 3, 1_000]) {
        const walked: string[] = [];
        for (let after: AccountKey | undefined; ; ) {
          const page = await store.walk(after, limit);
          if (page.length === 0) break;
          assert.ok(page.length <= limit);
          walked.push(...page.map(keyText));
          after = page.at(-1);
          // What was visited may go: the next page begins behind it all the same.
          const last = limit === 1_000 && after;
          if (last) await store.remove(last, 'first', REMOVAL);
        }
        assert.equal(new Set(walked).size, walked.length);
        for (const key of keys) assert.ok(walked.includes(keyText(key)), `${limit}: ${keyText(key)}`);
        assert.ok(!walked.includes(keyText(tombstone)));
      }
    });
  });
}
