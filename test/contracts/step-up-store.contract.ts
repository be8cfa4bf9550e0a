import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { StepUpStore } from '../../src/core/own/step-up-store.js';
import { freshId, type Open } from './short-lived.js';

/** What every `StepUpStore` must do. */
export function stepUpStoreContract(name: string, open: Open<StepUpStore>): void {
  describe(`StepUpStore contract: ${name}`, () => {
    it('holds what was granted and nothing else', async () => {
      const { store, now } = open();
      const id = freshId();
      assert.equal(await store.holds(id), false);
      await store.grant(id, now() + 60_000);
      assert.equal(await store.holds(id), true);
      assert.equal(await store.holds(freshId()), false);
    });

    it('ends at its time, and a new proof renews it', async () => {
      const { store, now, pass } = open();
      const [once, renewed] = [freshId(), freshId()];
      await store.grant(once, now() + 150);
      await store.grant(renewed, now() + 150);
      await store.grant(renewed, now() + 60_000);
      await pass(200);
      assert.equal(await store.holds(once), false);
      assert.equal(await store.holds(renewed), true);
    });

    it('holds nothing that is over already', async () => {
      const { store, now } = open();
      const id = freshId();
      await store.grant(id, now() - 1);
      assert.equal(await store.holds(id), false);
    });
  });
}
