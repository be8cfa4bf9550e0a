import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { type RateLimiter, refundEach, spendEach } from '../../src/core/base/limiter.js';
import { parallel } from './parallel.js';
import { freshId, type Open } from './short-lived.js';

/** What every `RateLimiter` must do. */
export function rateLimiterContract(name: string, open: Open<RateLimiter>): void {
  describe(`RateLimiter contract: ${name}`, () => {
    it('allows as many as the limit and then says how long to wait', async () => {
      const { store } = open();
      const bucket = freshId();
      const limit = { limit: 3, windowSeconds: 60 };
      for (let spent = 0; spent < 3; spent++) {
        assert.deepEqual(await store.spend(bucket, limit), { allowed: true });
      }
      const refused = await store.spend(bucket, limit);
      assert.equal(refused.allowed, false);
      assert.ok(!refused.allowed && refused.retryAfterSeconds >= 59 && refused.retryAfterSeconds <= 60);
      assert.deepEqual(await store.spend(freshId(), limit), { allowed: true });
    });

    it('attack: fifty parallel spends get exactly the limit', async () => {
      const { store } = open();
      const bucket = freshId();
      const results = await parallel(50, () => store.spend(bucket, { limit: 10, windowSeconds: 60 }));
      assert.equal(results.filter((result) => result.allowed).length, 10);
    });

    it('starts anew after the window, which no refused spend prolongs', async () => {
      const { store, pass } = open();
      const bucket = freshId();
      const limit = { limit: 1, windowSeconds: 1 };
      await store.spend(bucket, limit);
      await pass(700);
      assert.deepEqual(await store.spend(bucket, limit), { allowed: false, retryAfterSeconds: 1 });
      await pass(400);
      assert.deepEqual(await store.spend(bucket, limit), { allowed: true });
      assert.equal((await store.spend(bucket, limit)).allowed, false);
    });

    it('gives one spend back per refund', async () => {
      const { store } = open();
      const bucket = freshId();
      const limit = { limit: 2, windowSeconds: 60 };
      await store.spend(bucket, limit);
      await store.spend(bucket, limit);
      assert.equal((await store.spend(bucket, limit)).allowed, false);
      await store.refund(bucket);
      assert.equal((await store.spend(bucket, limit)).allowed, true);
      assert.equal((await store.spend(bucket, limit)).allowed, false);
    });

    it('attack: refunds never lead below zero', async () => {
      const { store } = open();
      const bucket = freshId();
      const limit = { limit: 2, windowSeconds: 60 };
      await store.refund(bucket);
      await store.spend(bucket, limit);
      await parallel(10, () => store.refund(bucket));
      const results = await parallel(10, () => store.spend(bucket, limit));
      assert.equal(results.filter((result) => result.allowed).length, 2);
    });

    it('a refund leaves the end of the window alone', async () => {
      const { store, pass } = open();
      const bucket = freshId();
      const limit = { limit: 1, windowSeconds: 1 };
      await store.spend(bucket, limit);
      await store.refund(bucket);
      await store.spend(bucket, limit);
      await pass(1_100);
      assert.equal((await store.spend(bucket, limit)).allowed, true);
    });

    it('attack: a refund of an unknown bucket makes none that never ends', async () => {
      const { store, pass } = open();
      const bucket = freshId();
      await store.refund(bucket);
      await store.spend(bucket, { limit: 1, windowSeconds: 1 });
      await pass(1_100);
      assert.equal((await store.spend(bucket, { limit: 1, windowSeconds: 1 })).allowed, true);
    });

    it('counts in each of several buckets or in none, and names the first that is full', async () => {
      const { store } = open();
      const one = { name: freshId(), limit: 3, windowSeconds: 60 };
      const other = { name: freshId(), limit: 2, windowSeconds: 60 };
      const spent = await parallel(2, () => spendEach(store, [one, other]));
      assert.deepEqual(spent, [{ allowed: true }, { allowed: true }]);
      for (let again = 0; again < 3; again += 1) {
        const refused = await spendEach(store, [one, other]);
        assert.ok(!refused.allowed && refused.full === other && refused.retryAfterSeconds > 0);
      }
      assert.equal((await store.spend(one.name, one)).allowed, true, 'the first was given back');
      await refundEach(store, [one, other]);
      assert.equal((await spendEach(store, [one, other])).allowed, true);
    });

    it('attack: fifty parallel spends of two buckets get no more than the smaller limit', async () => {
      const { store } = open();
      const [account, client] = [freshId(), freshId()].map((name, index) => {
        return { name, limit: index === 0 ? 10 : 4, windowSeconds: 60 };
      }) as [Parameters<typeof spendEach>[1][0], Parameters<typeof spendEach>[1][0]];
      const results = await parallel(50, () => spendEach(store, [account, client]));
      assert.equal(results.filter((result) => result.allowed).length, 4);
    });
  });
}
