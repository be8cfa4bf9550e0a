import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { LoginLedger } from '../../src/core/login/login-ledger.js';
import { NOW } from './factors.js';
import { winners } from './parallel.js';
import { freshId } from './short-lived.js';

/** What every `LoginLedger` must do. */
export function loginLedgerContract(name: string, open: () => LoginLedger): void {
  describe(`LoginLedger contract: ${name}`, () => {
    it('attack: an id opens once, ever, in fifty parallel requests and later', async () => {
      const ledger = open();
      const id = freshId();
      assert.equal(await winners(50, () => ledger.open(id, NOW)), 1);
      assert.equal(await ledger.open(id, NOW + 1), false);
      assert.equal(await ledger.open(freshId(), NOW), true);
    });

    it('forgets only what was opened before the time given', async () => {
      const ledger = open();
      const [old, recent] = [freshId(), freshId()];
      await ledger.open(old, 1_000);
      await ledger.open(recent, 2_000);
      assert.equal(await ledger.prune(2_000), 1);
      assert.equal(await ledger.prune(2_000), 0);
      assert.equal(await ledger.open(recent, 3_000), false);
      assert.equal(await ledger.open(old, 3_000), true);
    });
  });
}
