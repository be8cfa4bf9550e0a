import { execFileSync } from 'node:child_process';
import { chownSync, mkdirSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { freePort } from './free-port.js';
import { TestProcess } from './process.js';
import { tempFolder } from './temp-folder.js';

/** A real PostgreSQL server of this test alone, on loopback, with the database `panel`. */
export interface Postgres {
  readonly url: string;
  /** Ends it as a crash would, and removes its data. */
  stop(): Promise<void>;
}

const ROOT = '/usr/lib/postgresql';
const quick = ['fsync=off', 'shared_buffers=16MB', 'max_connections=50'].flatMap((setting) => [
  '-c',
  setting,
]);

/** Starts `postgres` (Debian package `postgresql`). The server refuses to run as root, so root runs it as `postgres`. */
export async function startPostgres(): Promise<Postgres> {
  const [version = ''] = readdirSync(ROOT).sort().reverse();
  const program = (name: string) => join(ROOT, version, 'bin', name);
  const isRoot = process.getuid?.() === 0;
  const as = isRoot ? ['runuser', '-u', 'postgres', '--'] : [];
  const run = (command: string, ...args: string[]): [string, string[]] => {
    const [first = '', ...rest] = [...as, command, ...args];
    return [first, rest];
  };
  const folder = tempFolder();
  const data = join(folder, 'data');
  mkdirSync(data);
  if (isRoot) {
    const [uid, gid] = ['-u', '-g'].map((flag) => Number(execFileSync('id', [flag, 'postgres'])));
    for (const path of [folder, data]) chownSync(path, uid ?? 0, gid ?? 0);
  }
  const port = await freePort();
  const auth = ['--auth=trust', '--username=panel', '--no-sync', '--encoding=UTF8', '--locale=C'];
  const init = run(program('initdb'), '-D', data, ...auth);
  execFileSync(init[0], init[1], { stdio: ['ignore', 'pipe', 'pipe'], cwd: folder });
  const net = ['-p', String(port), '-c', 'listen_addresses=127.0.0.1', '-k', folder];
  const [command, args] = run(program('postgres'), '-D', data, ...net, ...quick);
  const server = new TestProcess(command, args, { cwd: folder });
  await server.waitFor(/ready to accept connections/);
  const create = run(program('createdb'), '-h', '127.0.0.1', '-p', String(port), '-U', 'panel', 'panel');
  execFileSync(create[0], create[1], { cwd: folder });
  return {
    url: `postgres://panel@127.0.0.1:${port}/panel`,
    stop: async () => {
      await server.stop();
      rmSync(folder, { recursive: true, force: true, maxRetries: 3 });
    },
  };
}
