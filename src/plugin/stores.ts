import type { ActStore } from '../core/acts/act-store.js';
import type { AuditLog } from '../core/audit/audit-log.js';
import { AuditSeal } from '../core/audit/audit-seal.js';
import type { RateLimiter } from '../core/base/limiter.js';
import type { FactorStore } from '../core/codes/factor-store.js';
import { FAILURE_RULE } from '../core/codes/failure-rule.js';
import type { KeyMaterial } from '../core/keys/key-ring.js';
import type { SealedSecrets } from '../core/keys/sealed-secrets.js';
import type { LoginLedger } from '../core/login/login-ledger.js';
import type { PendingStore } from '../core/login/pending-store.js';
import type { EnrolmentStore } from '../core/own/enrolment-store.js';
import type { StepUpStore } from '../core/own/step-up-store.js';
import { RedisActStore } from '../storage/act-store.redis.js';
import { TypeOrmAuditLog } from '../storage/audit-log.typeorm.js';
import { openDataSource } from '../storage/data-source.js';
import { guarded } from '../storage/deadline.js';
import { RedisEnrolmentStore } from '../storage/enrolment-store.redis.js';
import { hasFactors, TypeOrmFactorStore } from '../storage/factor-store.typeorm.js';
import { loadKeyFile } from '../storage/key-file.js';
import { TypeOrmLoginLedger } from '../storage/login-ledger.typeorm.js';
import { MemoryActStore } from '../storage/memory/act-store.memory.js';
import { MemoryEnrolmentStore } from '../storage/memory/enrolment-store.memory.js';
import { MemoryPendingStore } from '../storage/memory/pending-store.memory.js';
import { MemoryRateLimiter } from '../storage/memory/rate-limiter.memory.js';
import { MemoryStepUpStore } from '../storage/memory/step-up-store.memory.js';
import { RedisPendingStore } from '../storage/pending-store.redis.js';
import { RedisRateLimiter } from '../storage/rate-limiter.redis.js';
import { connectRedis } from '../storage/redis-client.js';
import { TypeOrmSealedSecrets } from '../storage/sealed-secrets.typeorm.js';
import { RedisStepUpStore } from '../storage/step-up-store.redis.js';
import type { Manifest } from './manifest.js';
import { opening } from './opening.js';
import type { FullSettings } from './settings.js';

const REDIS_START_SECONDS = 10;

interface ShortLived {
  readonly pending: PendingStore;
  readonly enrolments: EnrolmentStore;
  readonly limiter: RateLimiter;
  readonly stepUps: StepUpStore;
  readonly acts: ActStore;
  readonly close: () => Promise<void>;
}

interface DatabaseStores {
  readonly factors: FactorStore;
  readonly ledger: LoginLedger;
  readonly audit: AuditLog;
  readonly secrets: SealedSecrets;
  readonly keyMaterial: KeyMaterial;
  readonly close: () => Promise<void>;
}

/** All stores, proven at start, each failing within its deadline. */
export type Stores = ShortLived & DatabaseStores;

/** Opens the database, the key file and Redis or memory as the settings say; rejects with nothing left open. */
export function openStores(settings: FullSettings, manifest: Manifest): Promise<Stores> {
  return opening(async (opened, close) => {
    const shortLived = settings.redis ? await redisStores(settings.redis) : memoryStores();
    opened(shortLived.close);
    const database = await openDatabaseStores(settings, manifest);
    opened(database.close);
    return { ...shortLived, ...database, close };
  });
}

/** The part of the stores that a command beside the running program needs. */
export function openDatabaseStores(
  settings: Pick<FullSettings, 'database' | 'keyFile'>,
  manifest: Manifest,
): Promise<DatabaseStores> {
  return opening(async (opened, close) => {
    const dataSource = await openDataSource(settings.database, manifest);
    opened(() => dataSource.destroy());
    const keyMaterial = await loadKeyFile(settings.keyFile, async () => !(await hasFactors(dataSource)));
    const audit = guarded(new TypeOrmAuditLog(dataSource, new AuditSeal(keyMaterial.audit)));
    await audit.begin(Date.now());
    return {
      factors: guarded(new TypeOrmFactorStore(dataSource, FAILURE_RULE)),
      ledger: guarded(new TypeOrmLoginLedger(dataSource)),
      audit,
      secrets: new TypeOrmSealedSecrets(dataSource),
      keyMaterial,
      close,
    };
  });
}

async function redisStores(url: string): Promise<ShortLived> {
  const { redis, close } = await connectRedis(url, { timeoutSeconds: REDIS_START_SECONDS });
  return {
    pending: guarded(new RedisPendingStore(redis)),
    enrolments: guarded(new RedisEnrolmentStore(redis)),
    limiter: guarded(new RedisRateLimiter(redis)),
    stepUps: guarded(new RedisStepUpStore(redis)),
    acts: guarded(new RedisActStore(redis)),
    close,
  };
}

function memoryStores(): ShortLived {
  return {
    pending: new MemoryPendingStore(Date.now),
    enrolments: new MemoryEnrolmentStore(Date.now),
    limiter: new MemoryRateLimiter(Date.now),
    stepUps: new MemoryStepUpStore(Date.now),
    acts: new MemoryActStore(Date.now),
    close: async () => undefined,
  };
}
