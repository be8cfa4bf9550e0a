/** Remembers for good which pending logins were opened, so that a flushed PendingStore gives no new tries. */
export interface LoginLedger {
  /** True for the first caller per id, false ever after. `at` is in milliseconds since 1970. */
  open(id: string, at: number): Promise<boolean>;
  /** Forgets what was opened before a time; how many were forgotten. */
  prune(before: number): Promise<number>;
}
