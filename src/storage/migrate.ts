import { setTimeout } from 'node:timers/promises';
import type { DataSource } from 'typeorm';

const ATTEMPTS = 5;
const PAUSE_MILLISECONDS = 200;

/**
 * Runs the migrations that are missing, on SQLite in WAL mode. Nodes that start at once on a new database come into each
 * other's way and only one of them gets through, so a failure counts only when it is still there after a second. SQLite
 * waits for nobody when it changes its mode, whatever `busy_timeout` says.
 */
export async function migrate(dataSource: DataSource): Promise<void> {
  for (let attempt = 1; ; attempt++) {
    try {
      if (dataSource.options.type === 'sqlite') await dataSource.query('PRAGMA journal_mode = WAL');
      await dataSource.runMigrations();
      return;
    } catch (error) {
      if (attempt === ATTEMPTS) {
        throw error;
      }
      await setTimeout(PAUSE_MILLISECONDS);
    }
  }
}
