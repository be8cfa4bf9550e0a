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

export interface Bucket extends Limit {
  readonly name: string;
}

export const HOUR_SECONDS = 3_600;

/**
 * Counts one in each of the buckets, or in none of them: `full` is the first that had no room. Of several at the same
 * time each sees what the others have counted so far, so that some may be refused too many and never too few.
 */
export async function spendEach<One extends Bucket>(
  limiter: RateLimiter,
  buckets: readonly One[],
): Promise<
  | { readonly allowed: true }
  | { readonly allowed: false; readonly retryAfterSeconds: number; readonly full: One }
> {
  for (const [index, full] of buckets.entries()) {
    const spend = await limiter.spend(full.name, full);
    if (spend.allowed) continue;
    await refundEach(limiter, buckets.slice(0, index));
    return { ...spend, full };
  }
  return { allowed: true };
}

/** Takes back one spend of each of the buckets. */
export async function refundEach(limiter: RateLimiter, buckets: readonly Bucket[]): Promise<void> {
  for (const { name } of buckets) await limiter.refund(name);
}
