import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { AuditEvent } from '../../src/core/audit.js';
import type { AuditLog } from '../../src/core/ports.js';
import { NOW } from './factors.js';
import { parallel } from './parallel.js';
import { freshId } from './short-lived.js';

/** What every `AuditLog` must do. `read` gives the events of an account, in the order in which they were stored. */
export function auditLogContract(
  name: string,
  open: () => { log: AuditLog; read(accountId: string): Promise<AuditEvent[]> },
): void {
  describe(`AuditLog contract: ${name}`, () => {
    it('keeps every field, with and without a reason', async () => {
      const { log, read } = open();
      const events = [event(freshId()), { ...event(freshId()), reason: 'locked' }];
      for (const expected of events) {
        await log.record(expected);
        assert.deepEqual(await read(expected.account.id), [expected]);
      }
    });

    it('keeps all of fifty events recorded at once', async () => {
      const { log, read } = open();
      const id = freshId();
      await parallel(50, (index) => log.record({ ...event(id), at: NOW + index }));
      assert.equal(new Set((await read(id)).map((stored) => stored.at)).size, 50);
    });

    it('takes an overlong name, cut, rather than lose the event', async () => {
      const { log, read } = open();
      const id = freshId();
      await log.record({ ...event(id), accountName: 'ä'.repeat(300) });
      assert.equal((await read(id))[0]?.accountName, 'ä'.repeat(255));
    });
  });
}

function event(id: string): AuditEvent {
  return {
    action: 'factor.disabled-by-admin',
    actor: { realm: 'user', id: '1' },
    account: { realm: 'mailuser', id },
    accountName: "o'brien@bücher.example 🐙",
    address: '2001:db8:ffff:ffff:ffff:ffff:ffff:ffff',
    at: NOW,
  };
}
