import { FAILURE_RULE } from '../core/codes/failure-rule.js';
import { ownManifest } from '../plugin/manifest.js';
import { openDataSource, openForReading } from '../storage/data-source.js';
import { DatabaseProof } from '../storage/database-proof.js';
import { TypeOrmFactorStore } from '../storage/factor-store.typeorm.js';
import { readKeyFile } from '../storage/key-file.js';
import { missingMigrations } from '../storage/missing-migrations.js';
import { connectRedis } from '../storage/redis-client.js';
import { RedisProof } from '../storage/redis-proof.js';
import { TypeOrmSealedSecrets } from '../storage/sealed-secrets.typeorm.js';

const REDIS_SECONDS = 3;

/** What an installation keeps its own state in, as it is found. */
export interface OwnDatabase {
  /** Names of migrations that it has not seen. */
  readonly missingMigrations: readonly string[];
  /** Factors by the id of the key of their secret. */
  readonly rows: ReadonlyMap<string, number>;
  /** Why it takes no writes, in a sentence without its full stop. */
  readonly refusal: string | undefined;
}

/** The ids of the keys in a key file. Throws a `KeyFileError` when it is missing, open to others or malformed. */
export function lookAtKeyFile(keyFile: string): ReadonlySet<string> {
  return new Set(readKeyFile(keyFile).keys.keys());
}

/** Rejects when the database cannot be read. */
export async function lookAtDatabase(database: string): Promise<OwnDatabase> {
  const dataSource = await openForReading(database, ownManifest());
  try {
    const missing = await missingMigrations(dataSource);
    const factors = new TypeOrmFactorStore(dataSource, FAILURE_RULE);
    const refusal = missing.length > 0 ? undefined : await refusalOf(new DatabaseProof(factors));
    const rows = missing.length > 0 ? new Map() : await new TypeOrmSealedSecrets(dataSource).countByKey();
    return { missingMigrations: missing, rows, refusal };
  } finally {
    await dataSource.destroy();
  }
}

/** Runs the migrations that are missing, and gives their names. Rejects when the database cannot be opened or changed. */
export async function bringUpToDate(database: string): Promise<readonly string[]> {
  const missing = await lookAtDatabase(database).then(
    (found) => found.missingMigrations,
    () => ownManifest().migrations,
  );
  const dataSource = await openDataSource(database, ownManifest());
  await dataSource.destroy();
  return missing;
}

/**
 * Proves Redis as the start does, on keys that end within seconds, and gives warnings that continue "Redis …". Rejects,
 * with the place and the reason, when it cannot be used.
 */
export async function lookAtRedis(url: string): Promise<readonly string[]> {
  const connection = await connectRedis(url, { timeoutSeconds: REDIS_SECONDS });
  try {
    const proof = new RedisProof(connection);
    await proof.prove();
    return await proof.warnings();
  } finally {
    await connection.close();
  }
}

async function refusalOf(proof: DatabaseProof): Promise<string | undefined> {
  return proof.prove().then(
    () => undefined,
    (error: Error) => error.message,
  );
}
