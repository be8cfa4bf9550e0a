import type { Redis } from 'ioredis';
import type { StepUpStore } from '../core/own/step-up-store.js';
import { type RedisScript, redisScript } from './redis-script.js';

// SET … PXAT would do, from Redis 6.2 on.
const GRANT = `
redis.call('SET', KEYS[1], '1')
redis.call('PEXPIREAT', KEYS[1], ARGV[1])`;

/** Step-ups in Redis: a key that is there as long as the proof holds. */
export class RedisStepUpStore implements StepUpStore {
  readonly #redis: Redis;
  readonly #grant: RedisScript;

  constructor(redis: Redis) {
    this.#redis = redis;
    this.#grant = redisScript(redis, 'stepUpGrant', GRANT);
  }

  async grant(id: string, expiresAt: number): Promise<void> {
    await this.#grant(keyOf(id), expiresAt);
  }

  async holds(id: string): Promise<boolean> {
    return (await this.#redis.exists(keyOf(id))) === 1;
  }
}

function keyOf(id: string): string {
  return `step-up:${id}`;
}
