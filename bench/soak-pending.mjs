import { createHash } from 'node:crypto';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { Redis } from 'ioredis';
import { startRedis } from '../.build/test/support/redis.js';
import { MemoryPendingStore } from '../dist/storage/memory/pending-store.memory.js';
import { RedisPendingStore } from '../dist/storage/pending-store.redis.js';

setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc');

/** Holds this many pending logins in each store, and prints what one of them takes. */
export async function pendingLogins(count) {
  const used = () => {
    collect();
    return process.memoryUsage().heapUsed;
  };
  const before = used();
  const memory = new MemoryPendingStore(Date.now);
  await fill(memory, count);
  print('memory', count, used() - before, await held(memory, count));

  const server = await startRedis();
  const redis = new Redis(server.url, { keyPrefix: 'panel-2fa:' });
  try {
    const bytes = async () => Number(/used_memory:(\d+)/.exec(await redis.info('memory'))[1]);
    const empty = await bytes();
    const store = new RedisPendingStore(redis);
    await fill(store, count);
    print('Redis', count, (await bytes()) - empty, await held(store, count));
  } finally {
    redis.disconnect();
    await server.stop();
  }
}

const idOf = (index) => createHash('sha256').update(String(index)).digest('base64url');

async function fill(store, count) {
  const expiresAt = Date.now() + 300_000;
  for (let index = 0; index < count; index += 500) {
    const some = Array.from({ length: Math.min(500, count - index) }, (_, more) => idOf(index + more));
    await Promise.all(
      some.map((id, more) =>
        store.open(id, { triesLeft: 5, expiresAt, returnTo: `/admin/users/${index + more}` }),
      ),
    );
  }
}

/** How many of a hundred of them are there, the first and the last among them. */
async function held(store, count) {
  let found = 0;
  for (let part = 0; part < 100; part += 1)
    if ((await store.find(idOf(Math.floor((part * (count - 1)) / 99))))?.triesLeft === 5) found += 1;
  if (found !== 100) throw new Error(`Only ${found} of 100 pending logins are there`);
  return found;
}

function print(where, count, bytes) {
  console.log(
    `  ${where.padEnd(7)} ${count} pending logins: ${(bytes / 2 ** 20).toFixed(1)} MB, ${Math.round(bytes / count)} bytes each`,
  );
}
