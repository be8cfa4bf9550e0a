import assert from 'node:assert/strict';
import { after, describe, it } from 'node:test';
import { setTimeout } from 'node:timers/promises';
import { StoreUnavailable } from '../../src/core/base/store-unavailable.js';
import { guarded } from '../../src/storage/deadline.js';
import { RedisPendingStore } from '../../src/storage/pending-store.redis.js';
import { RedisRateLimiter } from '../../src/storage/rate-limiter.redis.js';
import { connectRedis } from '../../src/storage/redis-client.js';
import { freePort } from '../support/free-port.js';
import { startRedis } from '../support/redis.js';

const LIMIT = { limit: 100, windowSeconds: 60 };

describe('stores on Redis', async () => {
  const server = await startRedis();
  const connection = await connectRedis(server.url, { timeoutSeconds: 5 });
  const limiter = guarded(new RedisRateLimiter(connection.redis));
  const pending = guarded(new RedisPendingStore(connection.redis));
  after(async () => {
    await connection.close();
    await server.stop();
  });

  it('are unavailable at once when Redis is killed, and work again after its restart', async () => {
    await limiter.spend('bucket', LIMIT);
    await server.kill();
    for (let call = 0; call < 5; call++) {
      assert.ok((await refusal(() => limiter.spend('bucket', LIMIT))) < 2_000);
      assert.ok((await refusal(() => pending.find('id'))) < 2_000);
    }
    await server.start();
    // The restarted server has forgotten the scripts as well.
    assert.deepEqual(await eventually(() => limiter.spend('bucket', LIMIT)), { allowed: true });
    assert.equal(await pending.spend('id'), undefined);
  });

  it('fail commands that are under way when Redis is killed', async () => {
    await server.pause();
    const calls = Promise.allSettled([limiter.spend('under way', LIMIT), pending.find('id')]);
    await setTimeout(50);
    await server.kill();
    const started = Date.now();
    for (const call of await calls) {
      assert.ok(call.status === 'rejected' && call.reason instanceof StoreUnavailable);
    }
    assert.ok(Date.now() - started < 2_000);
    await server.start();
    await eventually(() => pending.find('id'));
    // Sent again after the restart, it would have been counted.
    assert.equal(await connection.redis.get('bucket:under way'), null);
  });

  it('are unavailable within two seconds when Redis hangs, and work again when it goes on', async () => {
    await server.pause();
    assert.ok((await refusal(() => pending.find('id'))) < 2_000);
    server.resume();
    assert.equal(await eventually(() => pending.find('id')), undefined);
  });

  it('keep all their keys under one prefix and let each of them end', async () => {
    await limiter.spend('prefix', LIMIT);
    await pending.open('prefix', { triesLeft: 1, expiresAt: Date.now() + 60_000, returnTo: '/' });
    const keys = await connection.redis.keys('*');
    assert.ok(keys.includes('panel-2fa:pending:prefix'));
    assert.ok(keys.every((key) => key.startsWith('panel-2fa:')));
    for (const key of keys) {
      assert.ok((await connection.redis.pttl(key.slice('panel-2fa:'.length))) > 0, key);
    }
  });
});

describe('connectRedis', () => {
  it('says in one line that nothing answers, within the time given', async () => {
    const port = await freePort();
    const started = Date.now();
    await assert.rejects(connectRedis(`redis://127.0.0.1:${port}`, { timeoutSeconds: 1 }), (error: Error) => {
      assert.match(
        error.message,
        new RegExp(`^Redis at 127\\.0\\.0\\.1:${port} does not answer: .*ECONNREFUSED`),
      );
      return true;
    });
    assert.ok(Date.now() - started < 1_500);
  });

  it('waits for a server that is still starting', async () => {
    const server = await startRedis();
    await server.kill();
    const connecting = connectRedis(server.url, { timeoutSeconds: 5 });
    await setTimeout(300);
    await server.start();
    const connection = await connecting;
    assert.equal(await connection.redis.ping(), 'PONG');
    await connection.close();
    await server.stop();
  });

  it('does not hang on a server that never answers', async () => {
    const server = await startRedis();
    await server.pause();
    const started = Date.now();
    await assert.rejects(connectRedis(server.url, { timeoutSeconds: 1 }), /does not answer/);
    assert.ok(Date.now() - started < 1_500);
    await server.stop();
  });

  it('names a wrong or missing password and never shows it', async () => {
    const server = await startRedis({ password: 'right' });
    for (const [login, expected] of [
      ['', /NOAUTH/],
      [':wr0ng-one@', /WRONGPASS/],
    ] as const) {
      const url = server.url.replace('//', `//${login}`);
      await assert.rejects(connectRedis(url, { timeoutSeconds: 1 }), (error: Error) => {
        assert.match(error.message, expected);
        assert.doesNotMatch(error.message, /wr0ng/);
        return true;
      });
    }
    const connection = await connectRedis(server.url.replace('//', '//:right@'), { timeoutSeconds: 5 });
    await connection.close();
    await server.stop();
  });
});

/** Milliseconds until the call was refused. */
async function refusal(call: () => Promise<unknown>): Promise<number> {
  const started = Date.now();
  await assert.rejects(call, StoreUnavailable);
  return Date.now() - started;
}

/** The first answer within five seconds. */
async function eventually<Result>(call: () => Promise<Result>): Promise<Result> {
  const end = Date.now() + 5_000;
  for (;;) {
    try {
      return await call();
    } catch (error) {
      if (Date.now() > end) {
        throw error;
      }
      await setTimeout(50);
    }
  }
}
