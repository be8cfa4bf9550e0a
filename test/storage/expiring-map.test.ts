import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { StoreUnavailable } from '../../src/core/base/store-unavailable.js';
import { ExpiringMap } from '../../src/storage/memory/expiring-map.js';

describe('the map behind the memory stores', () => {
  it('sweeps out what has ended', () => {
    let now = 0;
    const map = new ExpiringMap<number>(() => now);
    for (let index = 0; index < 1_000; index++) {
      map.set(`${index}`, index, 5_000);
    }
    now = 6_000;
    assert.equal(map.get('1'), undefined);
    map.set('new', 1, 9_000);
    assert.equal(map.size, 1);
    assert.equal(map.timeLeft('new'), 3_000);
    assert.equal(map.timeLeft('1'), 0);
  });

  it('attack: filling it drops no live entry, so gives nobody a fresh quota', () => {
    let now = 0;
    const map = new ExpiringMap<string>(() => now, 2);
    map.set('quota', 'spent', 10_000);
    map.set('flood 1', '', 2_000);
    assert.throws(() => map.set('flood 2', '', 2_000), StoreUnavailable);
    assert.equal(map.get('quota'), 'spent');
    map.set('quota', 'changed', 10_000);
    now = 2_000;
    map.set('flood 3', '', 4_000);
    assert.equal(map.get('quota'), 'changed');
  });

  it('replaces no entry that is not there', () => {
    const map = new ExpiringMap<string>(() => 0);
    map.replace('unknown', 'value');
    assert.equal(map.size, 0);
  });
});
