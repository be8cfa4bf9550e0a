import type { Redis } from 'ioredis';
import type { ActStore } from '../core/acts/act-store.js';
import type { RateLimiter } from '../core/base/limiter.js';
import type { PendingStore } from '../core/login/pending-store.js';
import type { EnrolmentStore } from '../core/own/enrolment-store.js';
import type { StepUpStore } from '../core/own/step-up-store.js';
import { RedisActStore } from './act-store.redis.js';
import { RedisEnrolmentStore } from './enrolment-store.redis.js';
import { RedisPendingStore } from './pending-store.redis.js';
import { RedisRateLimiter } from './rate-limiter.redis.js';
import { RedisStepUpStore } from './step-up-store.redis.js';

/** All stores of what is short-lived, by their ports. */
export interface ShortLivedStores {
  readonly pending: PendingStore;
  readonly enrolments: EnrolmentStore;
  readonly limiter: RateLimiter;
  readonly stepUps: StepUpStore;
  readonly acts: ActStore;
}

export function redisStores(redis: Redis): ShortLivedStores {
  return {
    pending: new RedisPendingStore(redis),
    enrolments: new RedisEnrolmentStore(redis),
    limiter: new RedisRateLimiter(redis),
    stepUps: new RedisStepUpStore(redis),
    acts: new RedisActStore(redis),
  };
}
