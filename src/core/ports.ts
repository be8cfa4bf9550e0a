import type { Account, AccountKey } from './account.js';
import type { AuditEvent } from './audit.js';
import type { AuditHead } from './audit-seal.js';
import type { FactorState, NewFactor, Period, RecoverySet } from './factor.js';

/**
 * Every method of every port rejects when the store behind it cannot be read or written. A rejection is never
 * an answer: the caller refuses the request with 503. What is expected to happen is a value.
 */

/** Milliseconds since 1970, of this machine. */
export type Clock = () => number;

/** How many failures an account may have before it is locked, and for how long. */
export interface FailureRule {
  /** Milliseconds of lock after the n-th failure in a row; 0 for none. */
  lockAfter(failures: number): number;
  /** From this many failures in a row on, only a recovery code is evaluated. */
  readonly codeLimit: number;
}

/** What became of an attempt on a factor, before its code is looked at. */
export type Attempt =
  | { readonly kind: 'spent' }
  /** Nothing was counted, nothing may be evaluated. `until` is in milliseconds since 1970. */
  | { readonly kind: 'locked'; readonly until: number }
  /** `codeLimit` was reached: only a recovery code or an admin helps. */
  | { readonly kind: 'exhausted' }
  /** The generation named is not the active one any more. */
  | { readonly kind: 'gone' };

/** Factors by account, durable. Every change is one conditional write that names the generation it changes. */
export interface FactorStore {
  /** The live state; never cached. */
  find(key: AccountKey): Promise<FactorState>;
  /**
   * Makes a factor the active one in place of the state with generation `replaces` (undefined: no state yet).
   * False, and nothing changed, when another state is there.
   */
  activate(factor: NewFactor, replaces: string | undefined): Promise<boolean>;
  /** Turns the active factor with this generation into the tombstone. False when it is not there any more. */
  remove(
    key: AccountKey,
    generation: string,
    tombstone: { generation: string; removedAt: number },
  ): Promise<boolean>;
  /** Replaces the set named `replaces` by a new one with all codes unused. False when it is not there any more. */
  renewRecoveryCodes(
    key: AccountKey,
    generation: string,
    replaces: string,
    recovery: RecoverySet,
  ): Promise<boolean>;
  /** Counts one failure in advance and sets the lock that follows from it, unless locked or exhausted. */
  spendAttempt(
    key: AccountKey,
    generation: string,
    kind: 'code' | 'recovery-code',
    now: number,
  ): Promise<Attempt>;
  /**
   * Claims a time step, clears failures and lock. True for exactly one caller per step, and only for a later step than
   * the last (RFC 6238 §5.2, ASVS 6.5.1).
   */
  claimStep(key: AccountKey, generation: string, step: number, now: number): Promise<boolean>;
  /** Claims recovery code `index` of the set `salt`, clears failures and lock. True for exactly one caller. */
  claimRecoveryCode(
    key: AccountKey,
    generation: string,
    salt: string,
    index: number,
    now: number,
  ): Promise<boolean>;
  /** The states of many accounts, in the order of the keys. */
  list(keys: readonly AccountKey[]): Promise<FactorState[]>;
  /**
   * The keys of accounts with an active factor, at most `limit` of those that come after `after` in an order of the
   * store's own. Repeated with the last key until none comes, it visits each factor that is there all the time once.
   */
  walk(after: AccountKey | undefined, limit: number): Promise<AccountKey[]>;
}

/** Remembers for good which pending logins were opened, so that a flushed PendingStore gives no new tries. */
export interface LoginLedger {
  /** True for the first caller per id, false ever after. `at` is in milliseconds since 1970. */
  open(id: string, at: number): Promise<boolean>;
  /** Forgets what was opened before a time; how many were forgotten. */
  prune(before: number): Promise<number>;
}

/** A login that waits for its code. */
export interface PendingLogin {
  /** Tries not yet spent. */
  readonly triesLeft: number;
  /** Milliseconds since 1970. */
  readonly expiresAt: number;
  /** A GET path of our own origin. */
  readonly returnTo: string;
}

/** Logins whose password was right and whose code is missing. Short-lived, shared by nodes. */
export interface PendingStore {
  /** Opens a pending login; one that is open keeps its tries and its end and only learns the new `returnTo`. */
  open(id: string, login: PendingLogin): Promise<void>;
  /** Undefined when it was never opened, is over, was closed, or was lost. */
  find(id: string): Promise<PendingLogin | undefined>;
  /** Takes one try. The number left after it, or undefined when there was none to take. */
  spend(id: string): Promise<number | undefined>;
  /** Forgets it; one that is not there is no error. */
  close(id: string): Promise<void>;
}

/** The begin of an enrolment: a key that is shown and not yet proven. */
export interface EnrolmentDraft {
  /** The secret, sealed for purpose `enrolment` and the account's key. */
  readonly sealedSecret: string;
  readonly period: Period;
  /** The generation this enrolment is going to replace. */
  readonly replaces: string | undefined;
  /** True when an active factor is being moved to a new device: the old one was proven. */
  readonly swap: boolean;
  /** Milliseconds since 1970. */
  readonly expiresAt: number;
}

/** What registering adds: password and code were right, recovery codes were shown. */
export interface Registration {
  /** The step of the code that proved the key. */
  readonly step: number;
  /** The generation the factor is going to have. */
  readonly generation: string;
  readonly recovery: RecoverySet;
}

/** A factor being set up; `registration` is undefined until the app has proven that it has the key. */
export interface Enrolment extends EnrolmentDraft {
  readonly registration: Registration | undefined;
}

/** Factors being set up. Short-lived, shared by nodes. */
export interface EnrolmentStore {
  /** Begins an enrolment, or gives the one that is there: two tabs share one key. */
  begin(id: string, draft: EnrolmentDraft): Promise<Enrolment>;
  /** Undefined when there is none or it is over. */
  find(id: string): Promise<Enrolment | undefined>;
  /**
   * Sets the registration, in place of an earlier one with a smaller step. True for exactly one caller per
   * step; false when the enrolment is gone or its step is not smaller.
   */
  register(id: string, registration: Registration): Promise<boolean>;
  /** Forgets it; one that is not there is no error. */
  close(id: string): Promise<void>;
}

/** Fresh proofs by an actor before a sensitive act. Short-lived, shared by nodes. */
export interface StepUpStore {
  /** `expiresAt` is in milliseconds since 1970. */
  grant(id: string, expiresAt: number): Promise<void>;
  /** Was it granted, and is it not over yet? */
  holds(id: string): Promise<boolean>;
}

/** How often something may be done in a time. */
export interface Limit {
  /** Spends allowed per window. */
  readonly limit: number;
  readonly windowSeconds: number;
}

/** Whether one more was allowed; when not, nothing was counted. */
export type Spend =
  | { readonly allowed: true }
  | { readonly allowed: false; readonly retryAfterSeconds: number };

/** Counters per bucket and fixed window, shared by nodes. The window starts with its first spend. */
export interface RateLimiter {
  /** Counts one, unless `limit` have been counted in this window. */
  spend(bucket: string, limit: Limit): Promise<Spend>;
  /** Takes back one spend of an act that turned out to be right. */
  refund(bucket: string): Promise<void>;
}

/** The audit trail of all nodes: rows are only ever appended, each sealed together with the one before. */
export interface AuditLog {
  /** Appends one event with the next sequence; resolved when it is stored. */
  record(event: AuditEvent): Promise<void>;
  /** Where the log ends now. */
  head(): Promise<AuditHead>;
}

/** A page of a search. */
export interface AccountPage {
  readonly accounts: readonly Account[];
  /** All that match, not only those on this page. */
  readonly total: number;
}

/** The panel's people, read live. */
export interface AccountDirectory {
  /** Undefined when the panel does not know the account (any more): its factor is forgotten an hour later. */
  find(key: AccountKey): Promise<Account | undefined>;
  /** Accounts of both realms whose name contains `query`, by name; `page` counts from 1. */
  search(query: string, page: number, pageSize: number): Promise<AccountPage>;
  /** May this actor switch off the factor of this account? */
  mayManage(actor: Account, account: Account): Promise<boolean>;
}

/** Is this the account's current password? False for anything longer than 256 characters. */
export type PasswordCheck = (account: Account, password: string) => Promise<boolean>;
