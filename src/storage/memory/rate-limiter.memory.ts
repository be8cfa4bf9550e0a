import type { Clock } from '../../core/base/clock.js';
import type { Limit, RateLimiter, Spend } from '../../core/base/limiter.js';
import { ExpiringMap } from './expiring-map.js';

/** Buckets of one process. */
export class MemoryRateLimiter implements RateLimiter {
  readonly #spent: ExpiringMap<number>;
  readonly #now: Clock;

  constructor(now: Clock) {
    this.#spent = new ExpiringMap(now);
    this.#now = now;
  }

  async spend(bucket: string, { limit, windowSeconds }: Limit): Promise<Spend> {
    const spent = this.#spent.get(bucket);
    if (spent === undefined) {
      this.#spent.set(bucket, 1, this.#now() + windowSeconds * 1_000);
      return { allowed: true };
    }
    if (spent >= limit) {
      return { allowed: false, retryAfterSeconds: Math.ceil(this.#spent.timeLeft(bucket) / 1_000) };
    }
    this.#spent.replace(bucket, spent + 1);
    return { allowed: true };
  }

  async refund(bucket: string): Promise<void> {
    const spent = this.#spent.get(bucket);
    if (spent !== undefined && spent > 0) {
      this.#spent.replace(bucket, spent - 1);
    }
  }
}
