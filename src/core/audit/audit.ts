import type { AccountKey } from '../account/account.js';

/** What happened. The log and the database use these words, and filters of operators match on them. */
export type AuditAction =
  | 'login.code'
  | 'login.recovery-code'
  | 'login.refused'
  | 'login.cancelled'
  | 'login.expired'
  | 'login.ended'
  /** A session that the panel did not mean, or that the live rows contradict; `reason` is the rule. */
  | 'session.refused'
  | 'enrolment.begun'
  | 'enrolment.refused'
  | 'enrolment.registered'
  | 'factor.activated'
  | 'factor.replaced'
  | 'factor.disabled'
  | 'factor.disable-refused'
  | 'factor.disabled-by-admin'
  | 'factor.disabled-by-operator'
  | 'factor.unlocked-by-operator'
  | 'factor.pruned'
  | 'recovery-codes.renewed'
  | 'recovery-codes.renewed-by-operator'
  | 'recovery-codes.refused'
  | 'step-up.granted'
  | 'step-up.refused'
  /** A change of the key that seals secrets; `reason` is the active key, the keys of the step, or how it ended. */
  | 'keys.rotation-begun'
  | 'keys.added'
  | 'keys.activated'
  | 'keys.dropped'
  | 'keys.rotation-ended'
  /** Written before a change of a factor; `reason` is the action that follows when it was made. */
  | 'change.begun'
  /** The first row of the sealed log. */
  | 'audit.begun'
  /** Rows went into a file; `reason` names the last of them. */
  | 'audit.archived'
  /** More of the action in `reason` is left out of the log for the rest of an hour: this account repeats it. */
  | 'audit.thinned';

/** Who did what to whose factor, when and from where. Never a secret, a code or a password. */
export interface AuditEvent {
  readonly action: AuditAction;
  /** Whose password opened the session. */
  readonly actor: AccountKey;
  /** Whose factor it is about. */
  readonly account: AccountKey;
  /** The account's name at that time. */
  readonly accountName: string;
  /** Canonical client address. */
  readonly address: string;
  /** Milliseconds since 1970. */
  readonly at: number;
  /** Why something was refused, or which way was taken; one word. */
  readonly reason?: string;
}
