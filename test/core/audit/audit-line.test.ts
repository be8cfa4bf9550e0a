import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { AuditEvent } from '../../../src/core/audit/audit.js';
import { auditFields, auditLine, safeAddress } from '../../../src/core/audit/audit-line.js';

const event: AuditEvent = {
  action: 'login.refused',
  actor: { realm: 'user', id: '3' },
  account: { realm: 'user', id: '3' },
  accountName: 'client1',
  address: '203.0.113.5',
  at: 0,
  reason: 'wrong-code',
};

test('an event is one line, address first', () => {
  assert.equal(auditLine(event), 'login.refused from 203.0.113.5 for user:3 "client1": wrong-code');
  const { reason: _, ...plain } = event;
  const byAdmin = {
    ...plain,
    action: 'factor.disabled-by-admin',
    actor: { realm: 'user', id: '1' },
  } as const;
  assert.equal(
    auditLine(byAdmin),
    'factor.disabled-by-admin from 203.0.113.5 for user:3 "client1" by user:1',
  );
});

test('attack: nothing in a name breaks the line, its quotes or the way it is read', () => {
  for (const accountName of [
    'a\nb',
    'a\r\u2028\u2029b',
    '\u202eb',
    'a\u0007\x1b[2Jb',
    '\ud800',
    '\u{e0041}',
    '"\\"',
    '\0',
  ]) {
    const line = auditLine({ ...event, accountName });
    assert.match(line, /^login\.refused from 203\.0\.113\.5 for user:3 "(?:[^"\\]|\\.)*": wrong-code$/);
    assert.doesNotMatch(line, /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/u);
  }
  assert.match(
    auditLine({ ...event, accountName: "o'brien@bücher.example 🐙" }),
    /"o'brien@bücher\.example 🐙"/,
  );
});

test('attack: what is no address is not written where an address stands', () => {
  for (const address of ['', '1.2.3.4 for', '1.2.3.4\n', '"', 'x'.repeat(50), 'unix']) {
    assert.equal(safeAddress(address), 'unknown');
    assert.equal((auditFields({ ...event, address }) as { address: string }).address, 'unknown');
  }
  assert.equal(safeAddress('2001:db8::ffff:1.2.3.4'), '2001:db8::ffff:1.2.3.4');
});
