import type { AccountKey, PanelSession } from './account.js';
import type { AuditAction, AuditEvent } from './audit.js';
import { auditFields, auditLine } from './audit-line.js';
import type { Log } from './log.js';
import type { AuditLog, Clock } from './ports.js';

/** A request of somebody known: whose session it is and where it comes from. */
export interface Visit {
  readonly session: PanelSession;
  /** Canonical client address. */
  readonly address: string;
}

/** More about an event: another account than the actor's own, and why. */
export interface About {
  readonly account?: AccountKey & { readonly name: string };
  readonly reason?: string;
}

/**
 * Writes down what a visit did: by its actor, to its own account or the one named; in the audit log, and in the log of
 * the process as one line, `warn` for what was refused.
 */
export class VisitAudit {
  readonly #audit: AuditLog;
  readonly #clock: Clock;
  readonly #log: Log;

  constructor(audit: AuditLog, clock: Clock, log: Log) {
    this.#audit = audit;
    this.#clock = clock;
    this.#log = log;
  }

  /**
   * Resolved when the event is stored. Rejects when it cannot be: the caller lets this pass, and the request ends with
   * 503. A login is recorded before its clearance is given, so none goes unrecorded. An event that cannot be stored
   * stands in the log of the process, whole, as `audit.not-stored`.
   */
  record(visit: Visit, action: AuditAction, about: About = {}): Promise<void> {
    return this.#write(this.#event(visit, action, about));
  }

  /**
   * Makes a change of a factor: its begin is stored first, and without that nothing is changed. `make` says whether it
   * changed anything; so does the result. When the change is made and its event cannot be stored, the begin is in the
   * audit log and the event in the log of the process; the request goes on, since saying "nothing was changed" would
   * be wrong. A begin without its event: nothing was changed, or the program ended between the two.
   */
  async change(
    visit: Visit,
    action: AuditAction,
    make: () => Promise<boolean>,
    about: Pick<About, 'account'> = {},
  ): Promise<boolean> {
    await this.#audit.record(this.#event(visit, 'change.begun', { ...about, reason: action }));
    if (!(await make())) return false;
    await this.#write(this.#event(visit, action, about)).catch(() => undefined);
    return true;
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

  async #write(event: AuditEvent): Promise<void> {
    const tell = (level: 'info' | 'warn') =>
      this.#log[level](auditFields(event), `panel-2fa: ${auditLine(event)}`);
    // A failure is told at once: fail2ban should not wait for a database.
    const isRefusal = event.action.endsWith('refused');
    if (isRefusal) tell('warn');
    try {
      await this.#audit.record(event);
    } catch (err) {
      this.#log.error({ ...auditFields(event), err }, `panel-2fa: audit.not-stored: ${auditLine(event)}`);
      throw err;
    }
    if (!isRefusal) tell('info');
  }
}
