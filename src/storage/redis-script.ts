import type { Redis } from 'ioredis';

/** Runs a script of one key. A missing value is null, as in every answer of Redis. */
export type RedisScript = (key: string, ...parameters: (string | number)[]) => Promise<unknown>;

/**
 * Registers a Lua script of one key: one verb that no other client can come between. It travels as a digest, and in
 * full when the server does not know it, after a restart for instance.
 */
export function redisScript(redis: Redis, name: string, lua: string): RedisScript {
  redis.defineCommand(name, { numberOfKeys: 1, lua });
  const commands = redis as unknown as Record<string, RedisScript>;
  return (key, ...parameters) => (commands[name] as RedisScript).call(redis, key, ...parameters);
}
