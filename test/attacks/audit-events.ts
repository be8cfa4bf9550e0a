import type { AuditEvent } from '../../src/core/audit/audit.js';

export const AUDIT_KEY = Buffer.alloc(32, 9);

/** An event about an account by its id and name. */
export function eventOf(id: string, accountName: string): AuditEvent {
  return {
    action: 'login.refused',
    actor: { realm: 'user', id },
    account: { realm: 'user', id },
    accountName,
    address: '203.0.113.5',
    at: 1_764_000_000_000,
    reason: 'wrong-code',
  };
}
