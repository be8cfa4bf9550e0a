import assert from 'node:assert/strict';
import { test } from 'node:test';
import { StoreUnavailable } from '../../src/core/base/store-unavailable.js';
import { MemoryRateLimiter } from '../../src/storage/memory/rate-limiter.memory.js';

test('attack: who fills the buckets of one kind closes no other kind, and gets back nothing that was counted', async () => {
  const limiter = new MemoryRateLimiter(() => 0);
  const limit = { limit: 1, windowSeconds: 60 };
  await limiter.spend('login/first', limit);
  for (let address = 1; address < 100_000; address += 1) await limiter.spend(`login/${address}`, limit);
  await assert.rejects(limiter.spend('login/one more', limit), StoreUnavailable);
  assert.equal((await limiter.spend('login/first', limit)).allowed, false);
  assert.equal((await limiter.spend('password/account', limit)).allowed, true);
});
