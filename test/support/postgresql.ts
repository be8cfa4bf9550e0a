import { execFileSync } from 'node:child_process';
import { chownSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { freePort } from './free-port.js';
import { TestProcess } from './process.js';
import { tempFolder } from './temp-folder.js';

/** A real PostgreSQL of this test alone, on loopback, with its data in a temporary folder. */
export interface PostgreSql {
  /** Of an empty database, as its owner. */
  readonly url: string;
  /** Ends it and removes its data. */
  stop(): Promise<void>;
}

/** Debian keeps the programs of each version in a folder of their own. */
const versions = '/usr/lib/postgresql';

/** Starts `postgres` (Debian package `postgresql`); it refuses to run as root, who becomes the user `postgres` for it. */
export async function startPostgreSql(): Promise<PostgreSql> {
  const version = readdirSync(versions).sort((one, other) => Number(other) - Number(one))[0] ?? '';
  const program = (name: string) => join(versions, version, 'bin', name);
  const folder = tempFolder();
  const data = join(folder, 'data');
  const isRoot = process.getuid?.() === 0;
  const own = isRoot ? ['setpriv', '--reuid=postgres', '--regid=postgres', '--init-groups'] : ['env'];
  const [command = '', ...args] = own;
  if (isRoot) {
    const [uid, gid] = ['-u', '-g'].map((flag) => Number(execFileSync('id', [flag, 'postgres'])));
    chownSync(folder, uid ?? 0, gid ?? 0);
  }
  const init = ['-D', data, '-U', 'postgres', '-A', 'trust', '-E', 'UTF8', '--no-locale', '--no-sync'];
  execFileSync(command, [...args, program('initdb'), ...init], {
    cwd: '/',
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const port = await freePort();
  const settings = ['fsync=off', 'shared_buffers=16MB', 'listen_addresses=127.0.0.1'];
  const server = new TestProcess(
    command,
    [
      ...args,
      program('postgres'),
      ...['-D', data, '-k', folder, '-p', String(port)],
      ...settings.flatMap((setting) => ['-c', setting]),
    ],
    { cwd: '/' },
  );
  await server.waitFor(/ready to accept connections/);
  return {
    url: `postgres://postgres@127.0.0.1:${port}/postgres`,
    stop: async () => {
      await server.stop();
      rmSync(folder, { recursive: true, force: true, maxRetries: 3 });
    },
  };
}
