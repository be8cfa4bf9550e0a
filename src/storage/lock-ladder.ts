import type { FailureRule } from '../core/codes/failure-rule.js';

/**
 * The lock that follows from one more failure, as a SQL expression: milliseconds, or NULL for none. It reads the
 * column `failures` before that failure is counted, and names only the counts at which the rule changes its answer.
 */
export function lockLadder(rule: FailureRule): string {
  const rungs: string[] = [];
  let lock = 0;
  for (let failures = 1; failures <= rule.codeLimit; failures++) {
    const next = rule.lockAfter(failures);
    if (!Number.isSafeInteger(next) || next < 0) {
      throw new RangeError(
        `The lock after ${failures} failures is not a whole number of milliseconds: ${next}`,
      );
    }
    if (next !== lock) {
      rungs.unshift(`WHEN failures >= ${failures - 1} THEN ${next === 0 ? 'NULL' : next}`);
      lock = next;
    }
  }
  return rungs.length === 0 ? 'NULL' : `CASE ${rungs.join(' ')} END`;
}
