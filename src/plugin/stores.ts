import { databaseAddress, databaseText } from '../connections/database-address.js';
import { reasonOf } from '../connections/reason.js';
import type { AuditLog } from '../core/audit/audit-log.js';
import { AuditSeal } from '../core/audit/audit-seal.js';
import type { FactorStore } from '../core/codes/factor-store.js';
import { FAILURE_RULE } from '../core/codes/failure-rule.js';
import type { KeyMaterial } from '../core/keys/key-ring.js';
import type { SealedSecrets } from '../core/keys/sealed-secrets.js';
import type { LoginLedger } from '../core/login/login-ledger.js';
import { TypeOrmAuditLog } from '../storage/audit-log.typeorm.js';
import { openDataSource } from '../storage/data-source.js';
import { DatabaseProof } from '../storage/database-proof.js';
import { guarded } from '../storage/deadline.js';
import { hasFactors, TypeOrmFactorStore } from '../storage/factor-store.typeorm.js';
import { loadKeyFile } from '../storage/key-file.js';
import { TypeOrmLoginLedger } from '../storage/login-ledger.typeorm.js';
import { MemoryActStore } from '../storage/memory/act-store.memory.js';
import { MemoryEnrolmentStore } from '../storage/memory/enrolment-store.memory.js';
import { MemoryPendingStore } from '../storage/memory/pending-store.memory.js';
import { MemoryRateLimiter } from '../storage/memory/rate-limiter.memory.js';
import { MemoryStepUpStore } from '../storage/memory/step-up-store.memory.js';
import { connectRedis } from '../storage/redis-client.js';
import { RedisProof } from '../storage/redis-proof.js';
import { redisStores, type ShortLivedStores } from '../storage/redis-stores.js';
import { TypeOrmSealedSecrets } from '../storage/sealed-secrets.typeorm.js';
import type { Manifest } from './manifest.js';
import { opening } from './opening.js';
import type { FullSettings } from './settings.js';

const REDIS_START_SECONDS = 10;

interface ShortLived extends ShortLivedStores {
  /** Rejects when Redis would not take the writes of a login. */
  readonly prove: () => Promise<void>;
  readonly close: () => Promise<void>;
}

interface DatabaseStores {
  readonly factors: FactorStore;
  readonly ledger: LoginLedger;
  readonly audit: AuditLog;
  readonly secrets: SealedSecrets;
  readonly keyMaterial: KeyMaterial;
  /** Rejects when the database would not take the writes of a login. */
  readonly prove: () => Promise<void>;
  readonly close: () => Promise<void>;
}

/** All stores, proven at start, each failing within its deadline. */
export type Stores = ShortLived & DatabaseStores;

/** Opens the database, the key file and Redis or memory as the settings say; rejects with nothing left open. */
export function openStores(settings: FullSettings, manifest: Manifest): Promise<Stores> {
  return opening(async (opened, close) => {
    const shortLived = settings.redis ? await openRedisStores(settings.redis) : memoryStores();
    opened(shortLived.close);
    const database = await openDatabaseStores(settings, manifest);
    opened(database.close);
    await database.prove();
    const prove = async () => {
      await Promise.all([database.prove(), shortLived.prove()]);
    };
    return { ...shortLived, ...database, prove, close };
  });
}

/** The part of the stores that a command beside the running program needs. */
export function openDatabaseStores(
  settings: Pick<FullSettings, 'database' | 'keyFile'>,
  manifest: Manifest,
): Promise<DatabaseStores> {
  return opening(async (opened, close) => {
    const dataSource = await openDataSource(settings.database, manifest).catch((cause) => {
      const place = databaseText(databaseAddress(settings.database));
      throw new Error(`Our database at ${place} cannot be opened: ${reasonOf(cause)}`, { cause });
    });
    opened(() => dataSource.destroy());
    const keyMaterial = await loadKeyFile(settings.keyFile, async () => !(await hasFactors(dataSource)));
    const audit = guarded(new TypeOrmAuditLog(dataSource, new AuditSeal(keyMaterial.audit)));
    await audit.begin(Date.now());
    const factors = guarded(new TypeOrmFactorStore(dataSource, FAILURE_RULE));
    const proof = new DatabaseProof(factors);
    return {
      factors,
      ledger: guarded(new TypeOrmLoginLedger(dataSource)),
      audit,
      secrets: new TypeOrmSealedSecrets(dataSource),
      keyMaterial,
      prove: () => proof.prove(),
      close,
    };
  });
}

function openRedisStores(url: string): Promise<ShortLived> {
  return opening(async (opened, close) => {
    const connection = await connectRedis(url, { timeoutSeconds: REDIS_START_SECONDS });
    opened(connection.close);
    const proof = new RedisProof(connection);
    await proof.prove();
    const { pending, enrolments, limiter, stepUps, acts } = redisStores(connection.redis);
    return {
      pending: guarded(pending),
      enrolments: guarded(enrolments),
      limiter: guarded(limiter),
      stepUps: guarded(stepUps),
      acts: guarded(acts),
      prove: () => proof.prove(),
      close,
    };
  });
}

function memoryStores(): ShortLived {
  return {
    pending: new MemoryPendingStore(Date.now),
    enrolments: new MemoryEnrolmentStore(Date.now),
    limiter: new MemoryRateLimiter(Date.now),
    stepUps: new MemoryStepUpStore(Date.now),
    acts: new MemoryActStore(Date.now),
    prove: async () => undefined,
    close: async () => undefined,
  };
}
