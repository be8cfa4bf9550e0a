import { after } from 'node:test';
import { setTimeout } from 'node:timers/promises';
import type { Redis } from 'ioredis';
import { RedisActStore } from '../../src/storage/act-store.redis.js';
import { RedisEnrolmentStore } from '../../src/storage/enrolment-store.redis.js';
import { RedisPendingStore } from '../../src/storage/pending-store.redis.js';
import { RedisRateLimiter } from '../../src/storage/rate-limiter.redis.js';
import { connectRedis } from '../../src/storage/redis-client.js';
import { RedisStepUpStore } from '../../src/storage/step-up-store.redis.js';
import { startRedis } from '../support/redis.js';
import { actStoreContract } from './act-store.contract.js';
import { enrolmentStoreContract } from './enrolment-store.contract.js';
import { alternating } from './parallel.js';
import { pendingStoreContract } from './pending-store.contract.js';
import { rateLimiterContract } from './rate-limiter.contract.js';
import type { Open } from './short-lived.js';
import { stepUpStoreContract } from './step-up-store.contract.js';

const server = await startRedis();
// Two nodes: whatever holds between parallel calls must hold across connections.
const connections = [
  await connectRedis(server.url, { timeoutSeconds: 5 }),
  await connectRedis(server.url, { timeoutSeconds: 5 }),
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
