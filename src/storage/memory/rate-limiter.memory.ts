import type { Clock } from '../../core/base/clock.js';
import type { Limit, RateLimiter, Spend } from '../../core/base/limiter.js';
import { ExpiringMap } from './expiring-map.js';

/**
 * Buckets of one process. Those of each kind, the part of a name before the first slash, have a map of their own: who fills
 * one with the addresses that he has leaves the others as they are.
 */
export class MemoryRateLimiter implements RateLimiter {
  readonly #kinds = new Map<string, ExpiringMap<number>>();
  readonly #now: Clock;

  constructor(now: Clock) {
    this.#now = now;
  }

  async spend(bucket: string, { limit, windowSeconds }: Limit): Promise<Spend> {
    const buckets = this.#kindOf(bucket);
    const spent = buckets.get(bucket);
    if (spent === undefined) {
      buckets.set(bucket, 1, this.#now() + windowSeconds * 1_000);
      return { allowed: true };
    }
    if (spent >= limit) {
      return { allowed: false, retryAfterSeconds: Math.ceil(buckets.timeLeft(bucket) / 1_000) };
    }
    buckets.replace(bucket, spent + 1);
    return { allowed: true };
  }

  async refund(bucket: string): Promise<void> {
    const buckets = this.#kindOf(bucket);
    const spent = buckets.get(bucket);
    if (spent !== undefined && spent > 0) {
      buckets.replace(bucket, spent - 1);
    }
  }

  #kindOf(bucket: string): ExpiringMap<number> {
    const kind = bucket.split('/', 1)[0] as string;
    let buckets = this.#kinds.get(kind);
    if (!buckets) {
      buckets = new ExpiringMap(this.#now);
      this.#kinds.set(kind, buckets);
    }
    return buckets;
  }
}
