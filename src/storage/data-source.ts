import { closeSync, constants } from 'node:fs';
import { dirname } from 'node:path';
import { DataSource, type DataSourceOptions, type MigrationInterface } from 'typeorm';
import { type DatabaseAddress, databaseAddress } from '../connections/database-address.js';
import { mysqlOptions } from '../connections/mysql-options.js';
import { postgresOptions } from '../connections/postgres-options.js';
import { openRegularFile, requireRegularFile } from '../input/regular-file.js';
import { AuditRecord } from './entities/audit-record.js';
import { MailUserSecret } from './entities/mail-user-secret.js';
import { OpenedLogin } from './entities/opened-login.js';
import { UserSecret } from './entities/user-secret.js';
import { makeFolder } from './make-folder.js';
import { migrate } from './migrate.js';
import { CreateTwoFactor1764000000000 } from './migrations/1764000000000-create-two-factor.js';
import { SealAudit1765000000000 } from './migrations/1765000000000-seal-audit.js';
import { quietSqlite } from './quiet-sqlite.js';

const ENTITIES = { UserSecret, MailUserSecret, OpenedLogin, AuditRecord };
const MIGRATIONS: Record<string, new () => MigrationInterface> = {
  CreateTwoFactor1764000000000,
  SealAudit1765000000000,
};

const { O_APPEND, O_CREAT, O_WRONLY } = constants;

const SQLITE_BUSY_MILLISECONDS = 1_500;

/** Names of entities and of migrations, as `plugin.manifest.json` lists them. */
export interface Schema {
  readonly entities: readonly string[];
  readonly migrations: readonly string[];
}

/**
 * Opens a database that is there, to read from it: nothing is created and nothing brought up to date. Rejects as
 * `openDataSource` does, and when there is no file.
 */
export async function openForReading(url: string, schema: Schema): Promise<DataSource> {
  const dataSource = new DataSource(options(url, schema));
  if (dataSource.options.type === 'sqlite') requireRegularFile(dataSource.options.database);
  return dataSource.initialize();
}

/**
 * Opens the database at a `databaseAddress` and brings its tables up to date. Rejects when a name of the schema is
 * unknown, when the address is wrong, and when the database cannot be opened or migrated; nothing stays open then. The caller ends it with `destroy()`.
 */
export async function openDataSource(url: string, schema: Schema): Promise<DataSource> {
  const dataSource = new DataSource(options(url, schema));
  const { type, database } = dataSource.options;
  if (type === 'sqlite' && database !== ':memory:') await createPrivately(String(database));
  await dataSource.initialize();
  try {
    if (type === 'sqlite') {
      // In WAL mode anything less may lose the last claims at a power cut, and a used code would be good again.
      await dataSource.query('PRAGMA synchronous = FULL');
    }
    await migrate(dataSource);
    return dataSource;
  } catch (error) {
    await dataSource.destroy();
    throw error;
  }
}

function options(url: string, schema: Schema): DataSourceOptions {
  return {
    ...connection(databaseAddress(url)),
    entities: pick(ENTITIES, schema.entities, 'entity'),
    migrations: pick(MIGRATIONS, schema.migrations, 'migration'),
    migrationsTableName: 'twofa_migrations',
    synchronize: false,
    logging: false,
  };
}

function connection(address: DatabaseAddress): DataSourceOptions {
  switch (address.kind) {
    case 'sqlite':
      return {
        type: 'sqlite',
        driver: quietSqlite,
        database: address.path,
        busyTimeout: SQLITE_BUSY_MILLISECONDS,
      };
    case 'mysql': {
      const { database } = address;
      return { type: 'mariadb', database, charset: 'utf8mb4', extra: mysqlOptions(address) };
    }
    case 'postgres': {
      const { database } = address;
      return { type: 'postgres', database, extra: postgresOptions(address) };
    }
  }
}

function pick<Item>(known: Record<string, Item>, names: readonly string[], kind: string): Item[] {
  return names.map((name) => {
    const item = Object.hasOwn(known, name) ? known[name] : undefined;
    if (item === undefined) {
      throw new Error(`Unknown ${kind} "${name}": known are ${Object.keys(known).join(', ')}`);
    }
    return item;
  });
}

/** SQLite would make the file readable for everybody; its WAL and index inherit the mode given here. */
async function createPrivately(path: string): Promise<void> {
  await makeFolder(dirname(path));
  closeSync(openRegularFile(path, O_APPEND | O_CREAT | O_WRONLY, 0o600));
}
