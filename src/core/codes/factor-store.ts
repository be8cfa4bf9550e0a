import type { AccountKey } from '../account/account.js';
import type { FactorState, NewFactor, RecoverySet } from './factor.js';

/** What became of an attempt to guess a code of the app, before it is checked. */
export type Attempt =
  | { readonly kind: 'spent' }
  /** Nothing was counted, nothing may be evaluated. `until` is in milliseconds since 1970. */
  | { readonly kind: 'locked'; readonly until: number }
  /** `codeLimit` was reached: only a recovery code or an admin helps. */
  | { readonly kind: 'exhausted' }
  /** The generation named is no longer the active one. */
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
  /** Turns the active factor with this generation into the tombstone. False if it no longer exists. */
  remove(
    key: AccountKey,
    generation: string,
    tombstone: { generation: string; removedAt: number },
  ): Promise<boolean>;
  /** Replaces the set named `replaces` by a new one with all codes unused. False if it no longer exists. */
  renewRecoveryCodes(
    key: AccountKey,
    generation: string,
    replaces: string,
    recovery: RecoverySet,
  ): Promise<boolean>;
  /** Counts one failure in advance and sets the lock that follows from it, unless locked or exhausted. */
  spendAttempt(key: AccountKey, generation: string, now: number): Promise<Attempt>;
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
  /** Clears failures and lock. False if this generation is no longer the active one. */
  unlock(key: AccountKey, generation: string): Promise<boolean>;
  /** The states of many accounts, in the order of the keys. */
  list(keys: readonly AccountKey[]): Promise<FactorState[]>;
  /**
   * The keys of accounts with an active factor, at most `limit` of those that come after `after` in an order of the
   * store's own. Repeated with the last key until none comes, it visits each factor that is there all the time once.
   */
  walk(after: AccountKey | undefined, limit: number): Promise<AccountKey[]>;
}
