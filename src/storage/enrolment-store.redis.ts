import type { Redis } from 'ioredis';
import type { Enrolment, EnrolmentDraft, EnrolmentStore, Registration } from '../core/own/enrolment-store.js';
import { type RedisScript, redisScript } from './redis-script.js';

const BEGIN = `
if redis.call('EXISTS', KEYS[1]) == 0 then
  redis.call('HSET', KEYS[1], 'draft', ARGV[1])
  redis.call('PEXPIREAT', KEYS[1], ARGV[2])
  return { ARGV[1], false }
end
return redis.call('HMGET', KEYS[1], 'draft', 'registration')`;

const REGISTER = `
if redis.call('EXISTS', KEYS[1]) == 0 then
  return 0
end
local step = redis.call('HGET', KEYS[1], 'step')
if step and tonumber(step) >= tonumber(ARGV[1]) then
  return 0
end
redis.call('HSET', KEYS[1], 'step', ARGV[1], 'registration', ARGV[2])
return 1`;

type Parts = [draft: string | null, registration: string | null];

/** Enrolments in Redis: one hash each, which Redis drops when its time is over. */
export class RedisEnrolmentStore implements EnrolmentStore {
  readonly #redis: Redis;
  readonly #begin: RedisScript;
  readonly #register: RedisScript;

  constructor(redis: Redis) {
    this.#redis = redis;
    this.#begin = redisScript(redis, 'enrolmentBegin', BEGIN);
    this.#register = redisScript(redis, 'enrolmentRegister', REGISTER);
  }

  async begin(id: string, draft: EnrolmentDraft): Promise<Enrolment> {
    const parts = (await this.#begin(keyOf(id), JSON.stringify(draft), draft.expiresAt)) as Parts;
    return decode(parts) ?? { ...draft, registration: undefined };
  }

  async find(id: string): Promise<Enrolment | undefined> {
    return decode((await this.#redis.hmget(keyOf(id), 'draft', 'registration')) as Parts);
  }

  async register(id: string, registration: Registration): Promise<boolean> {
    return (await this.#register(keyOf(id), registration.step, JSON.stringify(registration))) === 1;
  }

  async close(id: string): Promise<void> {
    await this.#redis.del(keyOf(id));
  }
}

function decode([draft, registration]: Parts): Enrolment | undefined {
  if (draft === null) {
    return undefined;
  }
  const begun = JSON.parse(draft) as EnrolmentDraft;
  return {
    ...begun,
    // JSON leaves out what is undefined.
    replaces: begun.replaces,
    registration: registration === null ? undefined : (JSON.parse(registration) as Registration),
  };
}

function keyOf(id: string): string {
  return `enrolment:${id}`;
}
