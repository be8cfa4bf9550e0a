import type { AccountKey } from './account.js';
import type { AuditAction } from './audit.js';
import { AuditBook } from './audit-book.js';
import type { Log } from './log.js';
import type { AuditLog, Clock } from './ports.js';

const NOBODY = { realm: 'user', id: '0' } as const;

/** A change of a factor by the program itself, or at its command line: no account of the panel made it. */
export function changeByNobody(
  { audit, log, clock }: { readonly audit: AuditLog; readonly log: Log; readonly clock: Clock },
  action: AuditAction,
  { realm, id, name }: AccountKey & { readonly name: string },
  make: () => Promise<boolean>,
): Promise<boolean> {
  const eventOf = (made: AuditAction, reason?: AuditAction) => ({
    action: made,
    actor: NOBODY,
    account: { realm, id },
    accountName: name,
    address: '',
    at: clock(),
    ...(reason !== undefined && { reason }),
  });
  return new AuditBook(audit, log).change(action, eventOf, make);
}
