import type { Redis } from 'ioredis';

/** A section of INFO, field by field; nothing, where our user may not read it or the server does not know it. */
export async function redisInfo(redis: Redis, section: string): Promise<ReadonlyMap<string, string>> {
  const text = await redis.info(section).catch(() => '');
  return fieldsOf(text);
}

/** The number in a field of a text like that of INFO; 0 without it. */
export function numberIn(text: string, field: string): number {
  return Number(fieldsOf(text).get(field) ?? 0);
}

function fieldsOf(text: string): ReadonlyMap<string, string> {
  return new Map(
    [...text.matchAll(/^(\w+):(.*?)\r?$/gm)].map(([, field = '', value = '']) => [field, value]),
  );
}
