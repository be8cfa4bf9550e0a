import type { AccountKey, PanelSession } from './account.js';
import type { AuditAction } from './audit.js';
import type { AuditLog, Clock } from './ports.js';

/** A request of somebody known: whose session it is and where it comes from. */
export interface Visit {
  readonly session: PanelSession;
  /** Canonical client address. */
  readonly address: string;
}

/** Writes down what a visit did: by its actor, to its own account or the one named. */
export class VisitAudit {
  readonly #log: AuditLog;
  readonly #clock: Clock;

  constructor(log: AuditLog, clock: Clock) {
    this.#log = log;
    this.#clock = clock;
  }

  record(
    visit: Visit,
    action: AuditAction,
    about: { account?: AccountKey & { readonly name: string }; reason?: string } = {},
  ): Promise<void> {
    const { realm, id, name } = about.account ?? visit.session.actor;
    return this.#log.record({
      action,
      actor: { realm: visit.session.actor.realm, id: visit.session.actor.id },
      account: { realm, id },
      accountName: name,
      address: visit.address,
      at: this.#clock(),
      ...(about.reason === undefined ? {} : { reason: about.reason }),
    });
  }
}
