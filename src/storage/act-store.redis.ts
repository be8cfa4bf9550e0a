import type { Redis } from 'ioredis';
import type { ActStore, KnownAct } from '../core/acts/act-store.js';
import { type RedisScript, redisScript } from './redis-script.js';

const CLAIM = `
local known = redis.call('GET', KEYS[1])
if known then
  return known
end
redis.call('SET', KEYS[1], '')
redis.call('PEXPIREAT', KEYS[1], ARGV[1])
return false`;

const FINISH = `
redis.call('SET', KEYS[1], ARGV[1])
redis.call('PEXPIREAT', KEYS[1], ARGV[2])`;

/** Acts in Redis: a text each, empty while somebody is at it, which Redis drops when its time is over. */
export class RedisActStore implements ActStore {
  readonly #redis: Redis;
  readonly #claim: RedisScript;
  readonly #finish: RedisScript;

  constructor(redis: Redis) {
    this.#redis = redis;
    this.#claim = redisScript(redis, 'actClaim', CLAIM);
    this.#finish = redisScript(redis, 'actFinish', FINISH);
  }

  async claim(id: string, until: number): Promise<KnownAct | undefined> {
    return known((await this.#claim(keyOf(id), until)) as string | null);
  }

  async finish(id: string, outcome: string, until: number): Promise<void> {
    await this.#finish(keyOf(id), outcome, until);
  }

  async find(id: string): Promise<KnownAct | undefined> {
    return known(await this.#redis.get(keyOf(id)));
  }

  async drop(id: string): Promise<void> {
    await this.#redis.del(keyOf(id));
  }
}

function known(text: string | null): KnownAct | undefined {
  if (text === null) return undefined;
  return text === '' ? { kind: 'running' } : { kind: 'done', outcome: text };
}

function keyOf(id: string): string {
  return `act:${id}`;
}
