import { open } from 'node:fs/promises';
import { DataSource } from 'typeorm';
import { quietSqlite } from '../../storage/quiet-sqlite.js';
import { CreatePanel1764000000000 } from './create-panel.js';
import { PanelMailUser } from './panel-mail-user.js';
import { PanelSessionRow } from './panel-session-row.js';
import { PanelUser } from './panel-user.js';
import { seed } from './seed.js';

const BUSY_MILLISECONDS = 1_500;

/** Opens the panel's own database, brings its tables up to date and fills empty ones. The caller destroys it. */
export async function openPanelDatabase(path: string): Promise<DataSource> {
  // SQLite would make the file readable for everybody.
  await (await open(path, 'a', 0o600)).close();
  const database = new DataSource({
    type: 'sqlite',
    driver: quietSqlite,
    database: path,
    enableWAL: true,
    busyTimeout: BUSY_MILLISECONDS,
    entities: [PanelUser, PanelMailUser, PanelSessionRow],
    migrations: [CreatePanel1764000000000],
    migrationsTableName: 'panel_migrations',
    synchronize: false,
    logging: false,
  });
  await database.initialize();
  try {
    await database.runMigrations();
    await seed(database);
    return database;
  } catch (error) {
    await database.destroy();
    throw error;
  }
}
