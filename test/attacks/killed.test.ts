import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { type RedisServer, startRedis } from '../support/redis.js';
import { JOURNEYS } from './killed-journeys.js';
import { Stage } from './stage.js';

/*
 * The panel is killed after each write of a journey, and before the first; a kill before any other is the same as one
 * after the write before it. Redis goes on, so that everything short-lived is there again: the worst case.
 */
describe('killed at each write', { concurrency: 2 }, () => {
  let redis: RedisServer;
  // Waiting for a child keeps nothing going.
  const alive = setInterval(() => undefined, 1_000);
  before(async () => {
    redis = await startRedis();
  });
  after(async () => {
    await redis.stop();
    clearInterval(alive);
  });

  for (const [index, { name, decisive, prepare, run, check }] of JOURNEYS.entries()) {
    test(`killed at each write of ${name}: nothing half made, nothing used comes back`, async (t) => {
      const stage = await Stage.open(`${redis.url}/${index}`);
      t.after(() => stage.close());
      const { panel } = stage;
      const first = await prepare(stage, { key: '', recoveryCodes: [] });
      let left = { ...first.held };
      await panel.plan();
      await run(first, left);
      const { writes } = panel;
      assert.equal(writes.filter((write) => write === decisive).length, 1, writes.join(', '));
      console.log(`${name}: ${writes.length} writes: ${writes.join(', ')}`);
      // It may be the one that was just used.
      left.recoveryCodes.shift();
      let deaths = 0;
      for (let killAt = 0; killAt <= writes.length; killAt += 1) {
        const prepared = await prepare(stage, left);
        const next = { key: '', recoveryCodes: [] };
        const begun = await panel.survive(killAt, () => run(prepared, next));
        assert.deepEqual(begun, writes.slice(0, killAt), 'the same writes as without a death');
        deaths += 1;
        await check(stage, prepared, next, (write) => begun.includes(write));
        left = next;
      }
      console.log(`${name}: killed ${deaths} times`);
    });
  }
});
