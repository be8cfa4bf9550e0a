import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { type AccountKey, keyText } from '../../src/core/account/account.js';
import type { FactorStore } from '../../src/core/codes/factor-store.js';
import type { SealedSecret, SealedSecrets } from '../../src/core/keys/sealed-secrets.js';
import { factorOf, freshKey, NOW, newFactor } from './factors.js';
import { winners } from './parallel.js';

interface Both {
  readonly factors: FactorStore;
  readonly secrets: SealedSecrets;
}

/** What every `SealedSecrets` must do beside its `FactorStore`. */
export function sealedSecretsContract(name: string, open: () => Both): void {
  describe(`SealedSecrets contract: ${name}`, () => {
    it('counts factors of both realms by key, and no tombstones', async () => {
      const { factors, secrets } = open();
      const { id } = freshKey();
      const keys: AccountKey[] = [{ realm: 'user', id }, { realm: 'mailuser', id }, freshKey()];
      for (const key of keys) await sealed(factors, key, 'c0c0c0c0.text');
      await factors.remove(keys[2] as AccountKey, 'first', { generation: 'tomb', removedAt: NOW });
      assert.equal((await secrets.countByKey()).get('c0c0c0c0'), 2);
    });

    it('gives in pages what is sealed with any other key', async () => {
      const { factors, secrets } = open();
      const others = await Promise.all([1, 2, 3].map(() => sealed(factors, freshKey(), 'd0d0d0d0.old')));
      others.push(await sealed(factors, freshKey('mailuser'), 'd0d0d0d0.old'));
      const own = await sealed(factors, freshKey(), 'd1d1d1d1.new');
      const found = await all(secrets, 'd1d1d1d1');
      const texts = new Map(found.map(({ key, text }) => [keyText(key), text]));
      assert.equal(texts.size, found.length);
      for (const key of others) assert.equal(texts.get(keyText(key)), 'd0d0d0d0.old');
      assert.equal(texts.has(keyText(own)), false);
    });

    it('replaces a secret for one of fifty, and nothing else of the factor', async () => {
      const { factors, secrets } = open();
      const key = await sealed(factors, freshKey(), 'e0e0e0e0.old');
      await factors.spendAttempt(key, 'first', NOW);
      const before = await factorOf(factors, key);
      const secret = { key, generation: 'first', text: 'e0e0e0e0.old' };
      assert.equal(await winners(50, (index) => secrets.replace(secret, `e1e1e1e1.${index}`)), 1);
      const { sealedSecret, ...rest } = await factorOf(factors, key);
      assert.match(sealedSecret, /^e1e1e1e1\.\d+$/);
      assert.deepEqual({ ...rest, sealedSecret: 'e0e0e0e0.old' }, before);
    });

    it('lets a concurrent activation or removal win', async () => {
      const { factors, secrets } = open();
      const key = await sealed(factors, freshKey(), 'f0f0f0f0.old');
      const secret = { key, generation: 'first', text: 'f0f0f0f0.old' };
      assert.equal(await secrets.replace({ ...secret, text: 'f0f0f0f0.OLD' }, 'f1f1f1f1.new'), false);
      await factors.activate(newFactor(key, 'second', { sealedSecret: secret.text }), 'first');
      assert.equal(await secrets.replace(secret, 'f1f1f1f1.new'), false);
      assert.equal((await factorOf(factors, key)).sealedSecret, secret.text);
      await factors.remove(key, 'second', { generation: 'tomb', removedAt: NOW });
      assert.equal(await secrets.replace({ ...secret, generation: 'second' }, 'f1f1f1f1.new'), false);
      assert.equal(await secrets.replace({ ...secret, generation: 'tomb' }, 'f1f1f1f1.new'), false);
    });
  });
}

async function sealed(factors: FactorStore, key: AccountKey, sealedSecret: string): Promise<AccountKey> {
  await factors.activate(newFactor(key, 'first', { sealedSecret }), undefined);
  return key;
}

async function all(secrets: SealedSecrets, keyId: string): Promise<SealedSecret[]> {
  const found: SealedSecret[] = [];
  for (let after: AccountKey | undefined; ; after = found.at(-1)?.key) {
    const page = await secrets.notSealedWith(keyId, after, 2);
    if (page.length === 0) return found;
    found.push(...page);
  }
}
