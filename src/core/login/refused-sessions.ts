import { createHash } from 'node:crypto';
import type { Account, RefusedSession } from '../account/account.js';
import type { Visit, VisitAudit } from '../audit/visit.js';
import type { Clock } from '../base/clock.js';
import type { LoginLedger } from './login-ledger.js';

export interface RefusedSessionsDeps {
  readonly ledger: LoginLedger;
  readonly audit: VisitAudit;
  readonly clock: Clock;
}

const NOBODY: Account = { realm: 'user', id: '0', name: '', role: 'client' };

/** Writes down which sessions were refused: each once, however many requests it sends before it is gone. */
export class RefusedSessions {
  readonly #deps: RefusedSessionsDeps;

  constructor(deps: RefusedSessionsDeps) {
    this.#deps = deps;
  }

  /** Rejects when it cannot be stored; the session is to be refused all the same. */
  async record(refused: RefusedSession, from: Omit<Visit, 'session'>): Promise<void> {
    const { ledger, audit, clock } = this.#deps;
    const { id, start, rule, account = NOBODY } = refused;
    if (!(await ledger.open(ledgerId(refused), clock()))) return;
    const session = { id, start, account, actor: account };
    await audit.record({ session, ...from }, 'session.refused', { reason: rule });
  }
}

function ledgerId({ id, start, rule }: RefusedSession): string {
  return createHash('sha256')
    .update(JSON.stringify(['refused', id, start, rule]))
    .digest('base64url');
}
