import { type Account, keyText, type PanelSession } from '../account/account.js';
import { storeId } from '../account/store-id.js';
import type { Limit, RateLimiter } from '../base/limiter.js';

/** Is this the account's current password? False for anything longer than 256 characters. */
export type PasswordCheck = (account: Account, password: string) => Promise<boolean>;

const HOUR = 3600;
const PER_SESSION: Limit = { limit: 5, windowSeconds: HOUR };
const PER_ACCOUNT: Limit = { limit: 10, windowSeconds: HOUR };

export type PasswordRefusal =
  | { readonly kind: 'missing-password' }
  | { readonly kind: 'wrong-password' }
  | { readonly kind: 'too-many-passwords'; readonly retryAfterSeconds: number };

/**
 * Asks for the actor's own password, as often as a person mistypes and not more: 5 failures per session,
 * 10 per account and hour. Never touches the lock of the account's code.
 */
export class OwnPassword {
  readonly #limiter: RateLimiter;
  readonly #check: PasswordCheck;

  constructor(limiter: RateLimiter, check: PasswordCheck) {
    this.#limiter = limiter;
    this.#check = check;
  }

  /** Undefined when the password is right. */
  async refuse(session: PanelSession, password: string): Promise<PasswordRefusal | undefined> {
    if (password === '') return { kind: 'missing-password' };
    const buckets: [string, Limit][] = [
      [`password/session/${storeId(session, session.actor)}`, PER_SESSION],
      [`password/account/${keyText(session.actor)}`, PER_ACCOUNT],
    ];
    for (const [bucket, limit] of buckets) {
      const spend = await this.#limiter.spend(bucket, limit);
      if (!spend.allowed) return { kind: 'too-many-passwords', retryAfterSeconds: spend.retryAfterSeconds };
    }
    if (!(await this.#check(session.actor, password))) return { kind: 'wrong-password' };
    for (const [bucket] of buckets) await this.#limiter.refund(bucket);
    return undefined;
  }
}
