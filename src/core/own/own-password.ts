import type { Account } from '../account/account.js';
import { storeId } from '../account/store-id.js';
import { askerOf, type Visit } from '../audit/visit.js';
import { type Busy, Lane } from '../base/lane.js';
import { type Bucket, HOUR_SECONDS, type RateLimiter, refundEach, spendEach } from '../base/limiter.js';

/** Is this the account's current password? False for anything longer than 256 characters. */
export type PasswordCheck = (account: Account, password: string) => Promise<boolean>;

/** Passwords given to the panel's host at the same time; it has its own order for them. */
const AT_ONCE = { atOnce: 32, places: 32, perAccount: 2, perClient: 8 };

export type PasswordRefusal =
  | Busy
  | { readonly kind: 'missing-password' }
  | { readonly kind: 'wrong-password' }
  /** Wrong ones. */
  | { readonly kind: 'too-many-passwords'; readonly retryAfterSeconds: number }
  /** Right or wrong. */
  | { readonly kind: 'too-many-checks'; readonly retryAfterSeconds: number };

interface PasswordBucket extends Bucket {
  readonly kind: 'too-many-passwords' | 'too-many-checks';
}

/**
 * Asks for the actor's own password, as often as a person mistypes and not more: 5 failures per session, 10 per account
 * and hour. Since a check costs the panel a slow hash, right ones have a bound too: 60 per account and 600 per client
 * and hour. Never touches the lock of the account's code.
 */
export class OwnPassword {
  readonly #limiter: RateLimiter;
  readonly #check: PasswordCheck;
  readonly #lane = new Lane(AT_ONCE);

  constructor(limiter: RateLimiter, check: PasswordCheck) {
    this.#limiter = limiter;
    this.#check = check;
  }

  /** Undefined when the password is right. */
  async refuse(visit: Visit, password: string): Promise<PasswordRefusal | undefined> {
    if (password === '') return { kind: 'missing-password' };
    const place = this.#lane.take(askerOf(visit));
    if (!place) return { kind: 'busy' };
    try {
      return await this.#judge(visit, password);
    } finally {
      place.leave();
    }
  }

  async #judge(visit: Visit, password: string): Promise<PasswordRefusal | undefined> {
    const { session } = visit;
    const failures = failuresOf(visit);
    const spend = await spendEach(this.#limiter, [...failures, ...checksOf(visit)]);
    if (!spend.allowed) return { kind: spend.full.kind, retryAfterSeconds: spend.retryAfterSeconds };
    // A check that was not made tells nobody anything, so it costs nothing either.
    let isWrong = false;
    try {
      isWrong = !(await this.#check(session.actor, password));
    } finally {
      if (!isWrong) await refundEach(this.#limiter, failures);
    }
    return isWrong ? { kind: 'wrong-password' } : undefined;
  }
}

function failuresOf(visit: Visit): PasswordBucket[] {
  const { account } = askerOf(visit);
  const { session } = visit;
  return [
    hourly('too-many-passwords', `password/account/${account}`, 10),
    hourly('too-many-passwords', `password/session/${storeId(session, session.actor)}`, 5),
  ];
}

function checksOf(visit: Visit): PasswordBucket[] {
  const { account, client } = askerOf(visit);
  return [
    hourly('too-many-checks', `password-check/account/${account}`, 60),
    hourly('too-many-checks', `password-check/client/${client}`, 600),
  ];
}

function hourly(kind: PasswordBucket['kind'], name: string, limit: number): PasswordBucket {
  return { kind, name, limit, windowSeconds: HOUR_SECONDS };
}
