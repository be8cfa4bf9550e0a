import { addressBucket, type RateLimiter } from '../index.js';

const WINDOW_SECONDS = 60;
/** Logins of one client that may wait for others of his to be answered. */
const MOST_WAITING = 100;

export type Admission =
  | { readonly admitted: true; readonly attempt: LoginAttempt }
  | { readonly admitted: false; readonly retryAfterSeconds: number };

/** A login on its way to the panel. */
export interface LoginAttempt {
  /** Only the first call counts. `wrong` stays counted. */
  settle(result: 'right' | 'wrong'): Promise<void>;
}

interface Open {
  count: number;
  readonly waiting: Set<() => void>;
}

/**
 * Failed logins per client and minute. Every login is counted before it is sent, so that parallel guesses do not
 * outrun the answers, and a right one is taken back. A login that finds the bucket full while others of the same
 * client are on their way waits for them: right logins never shut each other out.
 */
export class LoginLimit {
  readonly #limiter: RateLimiter;
  readonly #limit: { readonly limit: number; readonly windowSeconds: number };
  readonly #open = new Map<string, Open>();

  constructor(limiter: RateLimiter, perMinute: number) {
    this.#limiter = limiter;
    this.#limit = { limit: perMinute, windowSeconds: WINDOW_SECONDS };
  }

  async admit(address: string): Promise<Admission> {
    const bucket = `panel-login/${addressBucket(address)}`;
    for (;;) {
      const before = this.#open.get(bucket);
      const spend = await this.#limiter.spend(bucket, this.#limit);
      if (spend.allowed) return { admitted: true, attempt: this.#start(bucket) };
      const open = this.#open.get(bucket);
      if (!open && before) continue;
      if (!open || open.waiting.size >= MOST_WAITING) {
        return { admitted: false, retryAfterSeconds: spend.retryAfterSeconds };
      }
      await new Promise<void>((resolve) => open.waiting.add(resolve));
    }
  }

  #start(bucket: string): LoginAttempt {
    const open = this.#open.get(bucket) ?? { count: 0, waiting: new Set() };
    this.#open.set(bucket, open);
    open.count += 1;
    let settled = false;
    return {
      settle: async (result) => {
        if (settled) return;
        settled = true;
        try {
          if (result === 'right') await this.#limiter.refund(bucket);
        } finally {
          this.#finish(bucket, open, result);
        }
      },
    };
  }

  /** A wrong login makes no room, so the waiting are woken by a right one, or by the last. */
  #finish(bucket: string, open: Open, result: 'right' | 'wrong'): void {
    open.count -= 1;
    if (open.count === 0) this.#open.delete(bucket);
    if (open.count > 0 && result === 'wrong') return;
    for (const wake of open.waiting) wake();
    open.waiting.clear();
  }
}
