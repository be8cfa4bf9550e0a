import { join } from 'node:path';
import { startMariaDb } from '../support/mariadb.js';
import { startPostgreSql } from '../support/postgresql.js';
import { tempFolder } from '../support/temp-folder.js';

/** An empty database for the plugin, and the way to end it. */
export interface Served {
  readonly url: string;
  stop(): Promise<void>;
}

/** The three databases of production, each on a real server of this test alone. */
export const DATABASES: Readonly<Record<string, () => Promise<Served>>> = {
  SQLite: async () => ({
    url: `sqlite:${join(tempFolder(), 'factors.sqlite')}`,
    stop: async () => undefined,
  }),
  MariaDB: async () => {
    const server = await startMariaDb();
    await server.execute("CREATE DATABASE f; CREATE USER p IDENTIFIED BY 'p'; GRANT ALL ON f.* TO p");
    return { url: server.url('p', 'p', 'f'), stop: () => server.stop() };
  },
  PostgreSQL: startPostgreSql,
};
