import { askerOf, type Visit } from '../audit/visit.js';
import { HOUR_SECONDS, type RateLimiter, spendEach } from '../base/limiter.js';

/** What somebody does to his own factor that costs more than a page. */
export type OwnAct = 'begin' | 'register' | 'renew';

export interface TooManyActs {
  readonly kind: 'too-many-acts';
  readonly retryAfterSeconds: number;
}

/** Per hour. Who sets up five phones in an hour and mistypes each code comes nowhere near; an office has one address. */
const PER_HOUR: Readonly<Record<OwnAct, { readonly account: number; readonly client: number }>> = {
  begin: { account: 30, client: 600 },
  register: { account: 40, client: 800 },
  renew: { account: 20, client: 400 },
};

/** Bounds how often one account, and one client, does what makes keys and recovery codes. */
export class ActLimit {
  readonly #limiter: RateLimiter;

  constructor(limiter: RateLimiter) {
    this.#limiter = limiter;
  }

  /** Counts the act, right or wrong; undefined when it may go on. */
  async refuse(visit: Visit, act: OwnAct): Promise<TooManyActs | undefined> {
    const { account, client } = askerOf(visit);
    const spend = await spendEach(this.#limiter, [
      { name: `${act}/account/${account}`, limit: PER_HOUR[act].account, windowSeconds: HOUR_SECONDS },
      { name: `${act}/client/${client}`, limit: PER_HOUR[act].client, windowSeconds: HOUR_SECONDS },
    ]);
    return spend.allowed ? undefined : { kind: 'too-many-acts', retryAfterSeconds: spend.retryAfterSeconds };
  }
}
