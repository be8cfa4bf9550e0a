import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { AuditEvent } from '../../src/core/audit/audit.js';
import type { AuditLog } from '../../src/core/audit/audit-log.js';
import type { AuditVerdict } from '../../src/core/audit/audit-verification.js';
import { NOW } from './factors.js';
import { parallel } from './parallel.js';
import { freshId } from './short-lived.js';

/** What every `AuditLog` must do. `read` gives the events of an account, in the order in which they were stored. */
export function auditLogContract(
  name: string,
  open: () => {
    log: AuditLog;
    read(accountId: string): Promise<AuditEvent[]>;
    verify(): Promise<AuditVerdict>;
  },
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

    it('leaves a log that verifies, whose head is its last row', async () => {
      const { log, verify } = open();
      const before = await log.head();
      await parallel(20, () => log.record(event(freshId())));
      const after = await log.head();
      assert.equal(after.sequence, before.sequence + 20);
      const verdict = await verify();
      assert.deepEqual(verdict.kind === 'intact' && verdict.head, after);
    });

    it('seals what comes back changed from no database: NUL, half characters, trailing space', async () => {
      const { log, read, verify } = open();
      const id = freshId();
      const odd = { accountName: `a\0\ud800 \u202e${'x'.repeat(249)}🐙`, reason: ' Ä ' };
      await log.record({ ...event(id), ...odd, address: 'x'.repeat(100) });
      const [stored] = await read(id);
      assert.equal(stored?.accountName, `a\ufffd\ufffd \u202e${'x'.repeat(249)}\ufffd`);
      assert.equal(stored?.reason, ' Ä ');
      assert.equal(stored?.address.length, 64);
      assert.equal((await verify()).kind, 'intact');
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
