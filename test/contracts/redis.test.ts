import { after } from 'node:test';
import { setTimeout } from 'node:timers/promises';
import type { Redis } from 'ioredis';
import { RedisActStore } from '../../src/storage/act-store.redis.js';
import { RedisEnrolmentStore } from '../../src/storage/enrolment-store.redis.js';
import { RedisPendingStore } from '../../src/storage/pending-store.redis.js';
import { RedisRateLimiter } from '../../src/storage/rate-limiter.redis.js';
import { connectRedis } from '../../src/storage/redis-client.js';
import { RedisStepUpStore } from '../../src/storage/step-up-store.redis.js';
import { newAuthority } from '../support/authority.js';
import { startRedis } from '../support/redis.js';
import { actStoreContract } from './act-store.contract.js';
import { enrolmentStoreContract } from './enrolment-store.contract.js';
import { alternating } from './parallel.js';
import { pendingStoreContract } from './pending-store.contract.js';
import { rateLimiterContract } from './rate-limiter.contract.js';
import type { Open } from './short-lived.js';
import { stepUpStoreContract } from './step-up-store.contract.js';
import { tlsCases } from './tls-cases.js';

const authority = newAuthority();
const server = await startRedis({ authority });
const { ca, client } = authority;
const tls = (host: string, query = '') => `rediss://${host}:${server.tlsPort}?${query}`;
// Two nodes: whatever holds between parallel calls must hold across connections.
const connections = [
  await connectRedis(tls('127.0.0.1', `ca=${ca}&cert=${client.cert}&key=${client.key}`), {
    timeoutSeconds: 5,
  }),
  await connectRedis(`redis://${server.socket}`, { timeoutSeconds: 5 }),
];
after(async () => {
  await Promise.all(connections.map((connection) => connection.close()));
  await server.stop();
});

function onRedis<Port extends object>(Store: new (redis: Redis) => Port): Open<Port> {
  return () => ({
    store: alternating(connections.map(({ redis }) => new Store(redis))),
    now: Date.now,
    pass: (milliseconds) => setTimeout(milliseconds),
  });
}

pendingStoreContract('Redis', onRedis(RedisPendingStore));
enrolmentStoreContract('Redis', onRedis(RedisEnrolmentStore));
stepUpStoreContract('Redis', onRedis(RedisStepUpStore));
rateLimiterContract('Redis', onRedis(RedisRateLimiter));
actStoreContract('Redis', onRedis(RedisActStore));

tlsCases('Redis', authority, async (host, query) => {
  const url = query ? tls(host, query) : `redis://${host}:${server.tlsPort}`;
  await (await connectRedis(url, { timeoutSeconds: 1 })).close();
});
