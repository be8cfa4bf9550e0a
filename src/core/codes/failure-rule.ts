/** How many failures an account may have before it is locked, and for how long. */
export interface FailureRule {
  /** Milliseconds of lock after the n-th failure in a row; 0 for none. */
  lockAfter(failures: number): number;
  /** From this many failures in a row on, only a recovery code is evaluated. */
  readonly codeLimit: number;
}

const FREE_FAILURES = 10;
const FIRST_LOCK_MS = 30_000;
const LONGEST_LOCK_MS = 3_600_000;

/**
 * Ten failures in a row are free, then each doubles the wait from 30 s to 1 h; after a hundred only a recovery
 * code or an admin helps (NIST SP 800-63B-4 §3.2.2).
 */
export const FAILURE_RULE: FailureRule = {
  codeLimit: 100,
  lockAfter: (failures) =>
    failures < FREE_FAILURES ? 0 : Math.min(FIRST_LOCK_MS * 2 ** (failures - FREE_FAILURES), LONGEST_LOCK_MS),
};
