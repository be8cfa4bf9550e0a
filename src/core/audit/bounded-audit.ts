import { keyText } from '../account/account.js';
import type { RateLimiter } from '../base/limiter.js';
import type { AuditAction, AuditEvent } from './audit.js';
import type { AuditLog } from './audit-log.js';

const HOUR_SECONDS = 3_600;
/** More than anybody does who only mistypes; one more row then says that others were left out. */
const ROWS_PER_HOUR = 40;

/** What changes nothing and costs nothing, so that somebody can do it for ever. All else has its row, always. */
const REPEATABLE: ReadonlySet<AuditAction> = new Set([
  'login.refused',
  'login.cancelled',
  'enrolment.begun',
  'enrolment.refused',
  'enrolment.registered',
  'factor.disable-refused',
  'recovery-codes.refused',
  'step-up.refused',
  'step-up.granted',
]);

/** Refused without checking anything: the first of an hour says it all. */
const NOTHING_LOOKED_AT = /^(?:too-many-|busy$|locked$|recovery-code-only$)/;

/**
 * The audit log for what people do: no account fills it. In an hour an account has one row for each action and limit
 * that it was refused by, and 40 of each action that changes nothing, with `audit.thinned` after the last; the log of
 * the process has every line. While nothing can be counted, nothing is left out.
 */
export class BoundedAudit implements Pick<AuditLog, 'record'> {
  readonly #audit: Pick<AuditLog, 'record'>;
  readonly #limiter: RateLimiter;

  constructor(audit: Pick<AuditLog, 'record'>, limiter: RateLimiter) {
    this.#audit = audit;
    this.#limiter = limiter;
  }

  async record(event: AuditEvent): Promise<void> {
    const { action, actor, reason = '' } = event;
    if (!REPEATABLE.has(action)) return this.#audit.record(event);
    const bucket = `audit/${keyText(actor)}/${action}`;
    if (NOTHING_LOOKED_AT.test(reason)) return this.#recordWithin(`${bucket}/${reason}`, 1, event);
    const last: AuditEvent = { ...event, action: 'audit.thinned', reason: action };
    return this.#recordWithin(bucket, ROWS_PER_HOUR, event, last);
  }

  async #recordWithin(bucket: string, rows: number, event: AuditEvent, last?: AuditEvent): Promise<void> {
    if (await this.#spend(bucket, rows)) return this.#recordOrRefund(bucket, event);
    if (last && (await this.#spend(bucket, rows + 1))) return this.#recordOrRefund(bucket, last);
  }

  async #spend(bucket: string, limit: number): Promise<boolean> {
    try {
      return (await this.#limiter.spend(bucket, { limit, windowSeconds: HOUR_SECONDS })).allowed;
    } catch {
      return true;
    }
  }

  /** A row that was not written does not count. */
  async #recordOrRefund(bucket: string, event: AuditEvent): Promise<void> {
    try {
      await this.#audit.record(event);
    } catch (error) {
      await this.#limiter.refund(bucket).catch(() => undefined);
      throw error;
    }
  }
}
