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
