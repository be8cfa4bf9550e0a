import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { lockLadder } from '../../src/storage/lock-ladder.js';
import { RULE } from '../contracts/factors.js';

describe('the ladder of locks', () => {
  it('names a count only where the wait changes', () => {
    const expected = [
      [16, 3_600_000],
      [15, 1_920_000],
      [14, 960_000],
      [13, 480_000],
      [12, 240_000],
      [11, 120_000],
      [10, 60_000],
      [9, 30_000],
    ].map(([failures, lock]) => `WHEN failures >= ${failures} THEN ${lock}`);
    assert.equal(lockLadder(RULE), `CASE ${expected.join(' ')} END`);
  });

  it('is NULL for a rule that never locks', () => {
    assert.equal(lockLadder({ codeLimit: 5, lockAfter: () => 0 }), 'NULL');
  });

  it('takes whole milliseconds only', () => {
    for (const lock of [0.5, -1, Number.NaN, Number.POSITIVE_INFINITY]) {
      assert.throws(() => lockLadder({ codeLimit: 5, lockAfter: () => lock }), RangeError);
    }
  });
});
