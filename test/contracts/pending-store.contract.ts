import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { PendingStore } from '../../src/core/login/pending-store.js';
import { parallel } from './parallel.js';
import { freshId, type Open } from './short-lived.js';

/** What every `PendingStore` must do. */
export function pendingStoreContract(name: string, open: Open<PendingStore>): void {
  describe(`PendingStore contract: ${name}`, () => {
    it('finds nothing that was never opened', async () => {
      const { store } = open();
      const id = freshId();
      assert.equal(await store.find(id), undefined);
      assert.equal(await store.spend(id), undefined);
      await store.close(id);
    });

    it('finds what was opened', async () => {
      const { store, now } = open();
      const id = freshId();
      const login = { triesLeft: 5, expiresAt: now() + 60_000, returnTo: '/a?b=c#"\n€' };
      await store.open(id, login);
      assert.deepEqual(await store.find(id), login);
      assert.equal(await store.find(freshId()), undefined);
    });

    it('attack: opening again gives neither tries nor time, only the new way back', async () => {
      const { store, now } = open();
      const id = freshId();
      const expiresAt = now() + 60_000;
      await store.open(id, { triesLeft: 5, expiresAt, returnTo: '/first' });
      await store.spend(id);
      await store.open(id, { triesLeft: 5, expiresAt: expiresAt + 60_000, returnTo: '/second' });
      assert.deepEqual(await store.find(id), { triesLeft: 4, expiresAt, returnTo: '/second' });
    });

    it('attack: opening again does not prolong the real end', async () => {
      const { store, now, pass } = open();
      const id = freshId();
      const expiresAt = now() + 150;
      await store.open(id, { triesLeft: 5, expiresAt, returnTo: '/' });
      await store.open(id, { triesLeft: 5, expiresAt: expiresAt + 60_000, returnTo: '/' });
      await pass(200);
      assert.equal(await store.find(id), undefined);
    });

    it('attack: opening again after the last try gives no new one', async () => {
      const { store, now } = open();
      const id = freshId();
      const login = { triesLeft: 1, expiresAt: now() + 60_000, returnTo: '/' };
      await store.open(id, login);
      assert.equal(await store.spend(id), 0);
      await store.open(id, login);
      assert.equal(await store.spend(id), undefined);
      assert.deepEqual(await store.find(id), { ...login, triesLeft: 0 });
    });

    it('attack: fifty parallel tries spend exactly five', async () => {
      const { store, now } = open();
      const id = freshId();
      await store.open(id, { triesLeft: 5, expiresAt: now() + 60_000, returnTo: '/' });
      const results = await parallel(50, () => store.spend(id));
      const left = results.filter((result) => result !== undefined).sort();
      assert.deepEqual(left, [0, 1, 2, 3, 4]);
    });

    it('ends at its time', async () => {
      const { store, now, pass } = open();
      const id = freshId();
      await store.open(id, { triesLeft: 5, expiresAt: now() + 150, returnTo: '/' });
      assert.equal(await store.spend(id), 4);
      await pass(200);
      assert.equal(await store.find(id), undefined);
      assert.equal(await store.spend(id), undefined);
    });

    it('takes no login that is over already', async () => {
      const { store, now } = open();
      const id = freshId();
      await store.open(id, { triesLeft: 5, expiresAt: now() - 1, returnTo: '/' });
      assert.equal(await store.find(id), undefined);
      assert.equal(await store.spend(id), undefined);
    });

    it('attack: a cleared one takes neither a try nor a new opening, until its mark ends', async () => {
      const { store, now, pass } = open();
      const [id, other] = [freshId(), freshId()];
      const login = { triesLeft: 5, expiresAt: now() + 60_000, returnTo: '/' };
      for (const one of [id, other]) await store.open(one, login);
      await store.clear(id, now() + 150);
      await store.open(id, login);
      assert.equal(await store.find(id), 'cleared');
      assert.equal(await store.spend(id), undefined);
      assert.deepEqual(await store.find(other), login);
      await pass(200);
      assert.equal(await store.find(id), undefined);
      assert.equal(await store.spend(id), undefined);
    });

    it('a mark outlives the login that it clears, and closing removes it', async () => {
      const { store, now } = open();
      const id = freshId();
      await store.clear(id, now() + 60_000);
      assert.equal(await store.find(id), 'cleared');
      await store.close(id);
      assert.equal(await store.find(id), undefined);
    });

    it('gives no try after it was closed', async () => {
      const { store, now } = open();
      const id = freshId();
      await store.open(id, { triesLeft: 5, expiresAt: now() + 60_000, returnTo: '/' });
      await store.close(id);
      assert.equal(await store.find(id), undefined);
      assert.equal(await store.spend(id), undefined);
    });
  });
}
