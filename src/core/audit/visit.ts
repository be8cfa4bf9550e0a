import { type AccountKey, keyText, type PanelSession } from '../account/account.js';
import type { Clock } from '../base/clock.js';
import type { Asker } from '../base/lane.js';
import type { Log } from '../base/log.js';
import type { AuditAction, AuditEvent } from './audit.js';
import { AuditBook } from './audit-book.js';
import type { AuditLog } from './audit-log.js';

/** A request of somebody known: whose session it is and where it comes from. */
export interface Visit {
  readonly session: PanelSession;
  /** Canonical client address. */
  readonly address: string;
  /** What of the address counts as one client, for limits: an IPv4 address, or the /64 of an IPv6 address. */
  readonly client: string;
}

/** By whom what this visit does is counted: by its actor and by its client. */
export function askerOf({ session, client }: Visit): Required<Asker> {
  return { account: keyText(session.actor), client };
}

/** More about an event: another account than the actor's own, and why. */
export interface About {
  readonly account?: AccountKey & { readonly name: string };
  readonly reason?: string;
}

/** Writes down what a visit did: by its actor, to its own account or the one named. */
export class VisitAudit {
  readonly #book: AuditBook;
  readonly #clock: Clock;

  constructor(audit: Pick<AuditLog, 'record'>, clock: Clock, log: Log) {
    this.#book = new AuditBook(audit, log);
    this.#clock = clock;
  }

  /**
   * As {@link AuditBook.record}. The caller lets a rejection pass, and the request ends with 503. A login is recorded
   * before its clearance is given, so none goes unrecorded.
   */
  record(visit: Visit, action: AuditAction, about: About = {}): Promise<void> {
    return this.#book.record(this.#event(visit, action, about));
  }

  /** As {@link AuditBook.change}. */
  change(
    visit: Visit,
    action: AuditAction,
    make: () => Promise<boolean>,
    about: Pick<About, 'account'> = {},
  ): Promise<boolean> {
    const eventOf = (name: AuditAction, reason?: AuditAction) =>
      this.#event(visit, name, { ...about, ...(reason !== undefined && { reason }) });
    return this.#book.change(action, eventOf, make);
  }

  #event(visit: Visit, action: AuditAction, about: About): AuditEvent {
    const { realm, id, name } = about.account ?? visit.session.actor;
    return {
      action,
      actor: { realm: visit.session.actor.realm, id: visit.session.actor.id },
      account: { realm, id },
      accountName: name,
      address: visit.address,
      at: this.#clock(),
      ...(about.reason === undefined ? {} : { reason: about.reason }),
    };
  }
}
