import type { AccountKey } from '../account/account.js';
import type { Clock } from '../base/clock.js';
import type { Log } from '../base/log.js';
import type { AuditAction, AuditEvent } from './audit.js';
import { AuditBook } from './audit-book.js';
import type { AuditLog } from './audit-log.js';

const NOBODY = { realm: 'user', id: '0' } as const;
const NO_ACCOUNT = { ...NOBODY, name: '' } as const;

/** What the program itself does, or its command line: no account of the panel did it, and it may be about none. */
export function eventByNobody(
  action: AuditAction,
  at: number,
  reason?: string,
  { realm, id, name }: AccountKey & { readonly name: string } = NO_ACCOUNT,
): AuditEvent {
  return {
    action,
    actor: NOBODY,
    account: { realm, id },
    accountName: name,
    address: '',
    at,
    ...(reason !== undefined && { reason }),
  };
}

/** A change of a factor by the program itself, or at its command line. */
export function changeByNobody(
  { audit, log, clock }: { readonly audit: AuditLog; readonly log: Log; readonly clock: Clock },
  action: AuditAction,
  account: AccountKey & { readonly name: string },
  make: () => Promise<boolean>,
): Promise<boolean> {
  const eventOf = (made: AuditAction, reason?: AuditAction) => eventByNobody(made, clock(), reason, account);
  return new AuditBook(audit, log).change(action, eventOf, make);
}
