import { addressBucket, type Bucket, type Place, refundEach, spendEach } from '../index.js';
import { MemoryRateLimiter } from '../storage/memory/rate-limiter.memory.js';
import { loginPlace } from './passwords.js';

/** Per client and minute: failed logins, and logins in all. */
const FAILED = 240;
const ALL = 1_200;
const BUSY_SECONDS = 5;

export type LoginAdmission<Result> =
  | { readonly kind: 'judged'; readonly result: Result | undefined }
  | { readonly kind: 'too-many' | 'busy'; readonly retryAfterSeconds: number };

/** The bounds of the panel's own login. They are this process's: people log in while Redis is away. */
export class LoginLimit {
  readonly #limiter = new MemoryRateLimiter(Date.now);

  /** Lets `judge` check a password of this address; undefined is a wrong one, and stays counted. */
  async judged<Result>(
    address: string,
    judge: (place: Place) => Promise<Result | undefined>,
  ): Promise<LoginAdmission<Result>> {
    const client = addressBucket(address);
    const place = loginPlace(client);
    if (!place) return { kind: 'busy', retryAfterSeconds: BUSY_SECONDS };
    try {
      const failures: Bucket[] = [{ name: `failed/${client}`, limit: FAILED, windowSeconds: 60 }];
      const all: Bucket = { name: `all/${client}`, limit: ALL, windowSeconds: 60 };
      const spend = await spendEach(this.#limiter, [...failures, all]);
      if (!spend.allowed) return { kind: 'too-many', retryAfterSeconds: spend.retryAfterSeconds };
      const result = await judge(place);
      if (result !== undefined) await refundEach(this.#limiter, failures);
      return { kind: 'judged', result };
    } finally {
      place.leave();
    }
  }
}
