import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { AuditAction, AuditEvent } from '../../../src/core/audit/audit.js';
import { BoundedAudit } from '../../../src/core/audit/bounded-audit.js';
import { MemoryRateLimiter } from '../../../src/storage/memory/rate-limiter.memory.js';

const HOUR_MS = 3_600_000;

/** A log that counts its rows, on a clock that is set by hand. */
function setUp() {
  const clock = { now: 0 };
  const rows: AuditEvent[] = [];
  const log = { failing: false };
  const audit = {
    record: async (event: AuditEvent) => {
      if (log.failing) throw new Error('full');
      rows.push(event);
    },
  };
  const limiter = new MemoryRateLimiter(() => clock.now);
  return { clock, rows, log, audit, limiter, bounded: new BoundedAudit(audit, limiter) };
}

function event(action: AuditAction, reason?: string, id = '3'): AuditEvent {
  const account = { realm: 'user', id } as const;
  const more = reason === undefined ? {} : { reason };
  return { action, actor: account, account, accountName: 'client1', address: '::1', at: 7, ...more };
}

/** Rows of a hundred of the same in one hour, `audit.thinned` included. */
const bounds: readonly (readonly [action: AuditAction, reason: string | undefined, rows: number])[] = [
  ['login.refused', 'wrong-code', 41],
  ['login.refused', 'locked', 1],
  ['login.refused', 'recovery-code-only', 1],
  ['login.refused', 'too-many-codes', 1],
  ['login.cancelled', undefined, 41],
  ['enrolment.begun', undefined, 41],
  ['enrolment.refused', 'missing-password', 41],
  ['enrolment.refused', 'wrong-code', 41],
  ['enrolment.refused', 'too-many-passwords', 1],
  ['enrolment.registered', undefined, 41],
  ['factor.disable-refused', 'required', 41],
  ['recovery-codes.refused', 'missing-code', 41],
  ['recovery-codes.refused', 'busy', 1],
  ['step-up.refused', 'wrong-password', 41],
  ['step-up.granted', undefined, 41],
  // What costs a code or a limited act has its row each time.
  ['login.code', undefined, 100],
  ['change.begun', 'factor.disabled', 100],
  ['factor.activated', undefined, 100],
  ['factor.disabled-by-admin', undefined, 100],
];

for (const [action, reason, expected] of bounds) {
  test(`A55 a hundred times ${action} ${reason ?? ''} in an hour is ${expected} rows, and as many in the next`, async () => {
    const { clock, rows, bounded } = setUp();
    for (const hour of [1, 2]) {
      for (let act = 0; act < 100; act += 1) await bounded.record(event(action, reason));
      assert.equal(rows.length, hour * expected);
      const last = rows.at(-1);
      const said = last?.action === 'audit.thinned' ? last.reason : undefined;
      assert.equal(said, expected === 41 ? action : undefined);
      clock.now += HOUR_MS;
    }
  });
}

test('A55 one account, action or limit takes no row from another', async () => {
  const { rows, bounded } = setUp();
  for (let act = 0; act < 100; act += 1) await bounded.record(event('login.refused', 'wrong-code'));
  for (const other of [
    event('login.refused', 'wrong-code', '4'),
    event('login.cancelled'),
    event('login.refused', 'locked'),
    event('enrolment.refused', 'wrong-code'),
  ]) {
    await bounded.record(other);
    assert.deepEqual(rows.at(-1), other);
  }
});

test('A55 a row that could not be written does not count, and nothing is left out while nothing can be counted', async () => {
  const { rows, log, audit, bounded } = setUp();
  log.failing = true;
  await assert.rejects(bounded.record(event('login.refused', 'locked')), /full/);
  log.failing = false;
  await bounded.record(event('login.refused', 'locked'));
  assert.equal(rows.length, 1);
  const away = { spend: () => Promise.reject(new Error('away')), refund: async () => undefined };
  const uncounted = new BoundedAudit(audit, away);
  for (let act = 0; act < 3; act += 1) await uncounted.record(event('login.refused', 'locked'));
  assert.equal(rows.length, 4);
});
