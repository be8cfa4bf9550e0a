import type { Redis } from 'ioredis';
import type { PendingLogin, PendingStore } from '../core/login/pending-store.js';
import { type RedisScript, redisScript } from './redis-script.js';

const OPEN = `
if redis.call('EXISTS', KEYS[1]) == 0 then
  redis.call('HSET', KEYS[1], 'tries', ARGV[1], 'expires', ARGV[2])
  redis.call('PEXPIREAT', KEYS[1], ARGV[2])
end
if redis.call('HGET', KEYS[1], 'tries') then
  redis.call('HSET', KEYS[1], 'return', ARGV[3])
end`;

const CLEAR = `
redis.call('DEL', KEYS[1])
redis.call('HSET', KEYS[1], 'cleared', '1')
redis.call('PEXPIREAT', KEYS[1], ARGV[1])`;

const SPEND = `
if tonumber(redis.call('HGET', KEYS[1], 'tries') or '0') < 1 then
  return false
end
return redis.call('HINCRBY', KEYS[1], 'tries', -1)`;

/** Pending logins in Redis: one hash each, which Redis drops when its time is over. */
export class RedisPendingStore implements PendingStore {
  readonly #redis: Redis;
  readonly #open: RedisScript;
  readonly #spend: RedisScript;
  readonly #clear: RedisScript;

  constructor(redis: Redis) {
    this.#redis = redis;
    this.#open = redisScript(redis, 'pendingOpen', OPEN);
    this.#spend = redisScript(redis, 'pendingSpend', SPEND);
    this.#clear = redisScript(redis, 'pendingClear', CLEAR);
  }

  async open(id: string, login: PendingLogin): Promise<void> {
    await this.#open(keyOf(id), login.triesLeft, login.expiresAt, login.returnTo);
  }

  async find(id: string): Promise<PendingLogin | 'cleared' | undefined> {
    const fields = ['tries', 'expires', 'return', 'cleared'];
    const [tries, expires, returnTo, cleared] = await this.#redis.hmget(keyOf(id), ...fields);
    if (cleared != null) return 'cleared';
    if (tries == null || expires == null || returnTo == null) {
      return undefined;
    }
    return { triesLeft: Number(tries), expiresAt: Number(expires), returnTo };
  }

  async spend(id: string): Promise<number | undefined> {
    const left = await this.#spend(keyOf(id));
    return left === null ? undefined : Number(left);
  }

  async clear(id: string, until: number): Promise<void> {
    await this.#clear(keyOf(id), until);
  }

  async close(id: string): Promise<void> {
    await this.#redis.del(keyOf(id));
  }
}

function keyOf(id: string): string {
  return `pending:${id}`;
}
