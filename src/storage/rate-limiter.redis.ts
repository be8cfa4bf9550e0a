import type { Redis } from 'ioredis';
import type { Limit, RateLimiter, Spend } from '../core/base/limiter.js';
import { type RedisScript, redisScript } from './redis-script.js';

/** Gives 0 when allowed, else the milliseconds left of the window. What is refused is not counted. */
const SPEND = `
local spent = redis.call('GET', KEYS[1])
if not spent then
  redis.call('SET', KEYS[1], 1, 'PX', ARGV[2])
elseif tonumber(spent) >= tonumber(ARGV[1]) then
  return math.max(redis.call('PTTL', KEYS[1]), 1)
else
  redis.call('INCR', KEYS[1])
end
return 0`;

/** A bucket that is gone stays gone: made again here it would have no end. */
const REFUND = `
if tonumber(redis.call('GET', KEYS[1]) or '0') > 0 then
  redis.call('DECR', KEYS[1])
end`;

/** Buckets in Redis: a counter each, which Redis drops at the end of its window. */
export class RedisRateLimiter implements RateLimiter {
  readonly #spend: RedisScript;
  readonly #refund: RedisScript;

  constructor(redis: Redis) {
    this.#spend = redisScript(redis, 'bucketSpend', SPEND);
    this.#refund = redisScript(redis, 'bucketRefund', REFUND);
  }

  async spend(bucket: string, { limit, windowSeconds }: Limit): Promise<Spend> {
    const left = Number(await this.#spend(keyOf(bucket), limit, windowSeconds * 1_000));
    return left === 0 ? { allowed: true } : { allowed: false, retryAfterSeconds: Math.ceil(left / 1_000) };
  }

  async refund(bucket: string): Promise<void> {
    await this.#refund(keyOf(bucket));
  }
}

function keyOf(bucket: string): string {
  return `bucket:${bucket}`;
}
