import { execFileSync } from 'node:child_process';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { createConnection } from 'mysql2/promise';
import type { Authority } from './authority.js';
import { freePort } from './free-port.js';
import { TestProcess } from './process.js';
import { tempFolder } from './temp-folder.js';

/** A real MariaDB of this test alone, on loopback and on a unix socket, with its data in a temporary folder. */
export interface MariaDb {
  readonly port: number;
  /** The path of its unix socket; `root` without a password. */
  readonly socket: string;
  url(user: string, password: string, database: string): string;
  /** Runs statements, separated by `;`, as `root`; the rows of the last one. */
  execute(sql: string): Promise<readonly Record<string, unknown>[]>;
  /** Lets it hang: connections stay and nothing is answered. */
  pause(): Promise<void>;
  resume(): void;
  /** Starts it again on the same data, after `kill`. */
  start(): Promise<void>;
  /** Ends it as a crash would. */
  kill(): Promise<void>;
  /** Ends it and removes its data. */
  stop(): Promise<void>;
}

/** Debian keeps servers where a user's PATH does not look. */
const env = { ...process.env, PATH: `${process.env.PATH ?? ''}:/usr/sbin` };

/** For data that nobody misses: small, and not written through to the disk. */
const small = ['--innodb-buffer-pool-size=16M', '--innodb-log-file-size=4M'];
const quick = [
  ...small,
  // As the panel's installer wants it: what is too long is cut off.
  '--sql-mode=NO_ENGINE_SUBSTITUTION',
  '--skip-log-bin',
  '--skip-name-resolve',
  '--innodb-flush-log-at-trx-commit=2',
  '--innodb-doublewrite=0',
  '--performance-schema=0',
  '--max-connections=100',
];

/** Starts `mariadbd` (Debian package `mariadb-server`). */
export async function startMariaDb(options: { authority?: Authority } = {}): Promise<MariaDb> {
  const folder = tempFolder();
  const data = join(folder, 'data');
  const socket = join(folder, 'mariadb.sock');
  const port = await freePort();
  // A starting server removes temporary tables that it finds, those of its neighbours too.
  const temporary = `--tmpdir=${folder}`;
  const user = process.getuid?.() === 0 ? ['--user=root'] : [];
  const install = ['--auth-root-authentication-method=normal', '--skip-test-db', '--skip-name-resolve'];
  execFileSync(
    'mariadb-install-db',
    ['--no-defaults', `--datadir=${data}`, temporary, ...install, ...user, ...small],
    {
      stdio: ['ignore', 'pipe', 'pipe'],
      env,
    },
  );
  const place = [`--datadir=${data}`, temporary, `--socket=${socket}`, `--pid-file=${join(folder, 'pid')}`];
  const { ca, server: own } = options.authority ?? {};
  const tls = own ? [`--ssl-ca=${ca}`, `--ssl-cert=${own.cert}`, `--ssl-key=${own.key}`] : [];
  const net = [`--port=${port}`, '--bind-address=127.0.0.1', ...tls];
  let server: TestProcess;
  const start = async () => {
    server = new TestProcess('mariadbd', ['--no-defaults', ...user, ...place, ...net, ...quick], { env });
    await server.waitFor(/ready for connections/);
  };
  const kill = () => server.kill();
  await start();
  return {
    port,
    socket,
    url: (name, password, database) =>
      `mysql://${encodeURIComponent(name)}:${encodeURIComponent(password)}@127.0.0.1:${port}/${database}`,
    execute: async (sql) => {
      const connection = await createConnection({
        socketPath: socket,
        user: 'root',
        multipleStatements: true,
      });
      try {
        const [result] = await connection.query(sql);
        const last = Array.isArray(result) && Array.isArray(result.at(-1)) ? result.at(-1) : result;
        return Array.isArray(last) ? (last as Record<string, unknown>[]) : [];
      } finally {
        await connection.end();
      }
    },
    pause: () => server.pause(),
    resume: () => server.resume(),
    start,
    kill,
    stop: async () => {
      await kill();
      rmSync(folder, { recursive: true, force: true, maxRetries: 3 });
    },
  };
}
