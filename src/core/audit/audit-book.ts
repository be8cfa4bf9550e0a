import type { Log } from '../base/log.js';
import type { AuditAction, AuditEvent } from './audit.js';
import { auditFields, auditLine } from './audit-line.js';
import type { AuditLog } from './audit-log.js';

/** Events go into the audit log, and into the log of the process as one line, `warn` for what was refused. */
export class AuditBook {
  readonly #audit: Pick<AuditLog, 'record'>;
  readonly #log: Log;

  constructor(audit: Pick<AuditLog, 'record'>, log: Log) {
    this.#audit = audit;
    this.#log = log;
  }

  /** Resolved when the event is stored. One that cannot be is written to the log of the process in full, as `audit.not-stored`. */
  async record(event: AuditEvent): Promise<void> {
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

  /**
   * Makes a change of a factor: its begin is stored first, and without that nothing is changed. `make` says whether it
   * changed anything; so does the result. When the change is made and its event cannot be stored, the begin is in the
   * audit log and the event in the log of the process; the caller goes on, since saying "nothing was changed" would be
   * wrong. A begin without its event: nothing was changed, or the program ended between the two.
   */
  async change(
    action: AuditAction,
    eventOf: (action: AuditAction, reason?: AuditAction) => AuditEvent,
    make: () => Promise<boolean>,
  ): Promise<boolean> {
    await this.#audit.record(eventOf('change.begun', action));
    if (!(await make())) return false;
    await this.record(eventOf(action)).catch(() => undefined);
    return true;
  }
}
