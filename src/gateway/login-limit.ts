import {
  addressBucket,
  addressNetwork,
  type Bucket,
  type RateLimiter,
  refundEach,
  spendEach,
} from '../index.js';

const WINDOW_SECONDS = 60;
/** An IPv6 network may fail as often as this many clients together, however many addresses it has. */
const CLIENTS_OF_NETWORK = 10;
/** Logins of one client, right ones included: the panel hashes a password for each. */
const MOST = 600;
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

/** What one login is counted in: what a right one is taken back from, and the one of them that others may wait for. */
interface Counted {
  readonly client: Bucket;
  readonly failures: readonly Bucket[];
  readonly all: Bucket;
}

/**
 * Failed logins per client and minute. Every login is counted before it is sent, so that parallel guesses do not
 * outrun the answers, and a right one is taken back. A login that finds the bucket full while others of the same
 * client are on their way waits for them: right logins never shut each other out.
 */
export class LoginLimit {
  readonly #limiter: RateLimiter;
  readonly #perMinute: number;
  readonly #open = new Map<string, Open>();

  constructor(limiter: RateLimiter, perMinute: number) {
    this.#limiter = limiter;
    this.#perMinute = perMinute;
  }

  async admit(address: string): Promise<Admission> {
    const counted = this.#countedIn(address);
    const { client, failures, all } = counted;
    for (;;) {
      const before = this.#open.get(client.name);
      const spend = await spendEach(this.#limiter, [...failures, all]);
      if (spend.allowed) return { admitted: true, attempt: this.#start(counted) };
      const refused = { admitted: false, retryAfterSeconds: spend.retryAfterSeconds } as const;
      if (spend.full !== client) return refused;
      const open = this.#open.get(client.name);
      if (!open && before) continue;
      if (!open || open.waiting.size >= MOST_WAITING) return refused;
      await new Promise<void>((resolve) => open.waiting.add(resolve));
    }
  }

  #countedIn(address: string): Counted {
    const bucket = (name: string, limit: number) => ({ name, limit, windowSeconds: WINDOW_SECONDS });
    const client = bucket(`panel-login/${addressBucket(address)}`, this.#perMinute);
    const network = addressNetwork(address);
    const all = bucket(`panel-login-all/${addressBucket(address)}`, MOST);
    if (network === undefined) return { client, failures: [client], all };
    // First, so that a full network makes no buckets of clients.
    const first = bucket(`panel-login/${network}`, this.#perMinute * CLIENTS_OF_NETWORK);
    return { client, failures: [first, client], all };
  }

  #start({ client: { name }, failures }: Counted): LoginAttempt {
    const open = this.#open.get(name) ?? { count: 0, waiting: new Set() };
    this.#open.set(name, open);
    open.count += 1;
    let settled = false;
    return {
      settle: async (result) => {
        if (settled) return;
        settled = true;
        try {
          if (result === 'right') await refundEach(this.#limiter, failures);
        } finally {
          this.#finish(name, open, result);
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
