import { Redis } from 'ioredis';

/** Names and values of all keys. */
export async function everything(url: string): Promise<{ keys: string[]; text: string }> {
  const redis = new Redis(url);
  try {
    const keys = await redis.keys('*');
    const values = keys.map(async (key) => {
      switch (await redis.type(key)) {
        case 'string':
          return redis.get(key);
        case 'hash':
          return JSON.stringify(await redis.hgetall(key));
        default:
          return (await redis.dump(key)) ?? '';
      }
    });
    return { keys, text: [...keys, ...(await Promise.all(values))].join('\n') };
  } finally {
    redis.disconnect();
  }
}
