import { execFileSync } from 'node:child_process';
import { chownSync, cpSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import type { Authority } from './authority.js';
import { freePort } from './free-port.js';
import { TestProcess } from './process.js';
import { tempFolder } from './temp-folder.js';

/** A real PostgreSQL of this test alone, on loopback, with its data in a temporary folder. */
export interface PostgreSql {
  /** Of an empty database, as its owner. */
  readonly url: string;
  readonly port: number;
  /** The folder of its unix socket. */
  readonly socketFolder: string;
  /** Ends it and removes its data. */
  stop(): Promise<void>;
}

/** Debian keeps the programs of each version in a folder of their own. */
const versions = '/usr/lib/postgresql';

/**
 * Starts `postgres` (Debian package `postgresql`); it refuses to run as root, who becomes the user `postgres` for it.
 * With an authority it takes nobody in over the network without TLS and a certificate of the client.
 */
export async function startPostgreSql(options: { authority?: Authority } = {}): Promise<PostgreSql> {
  const version = readdirSync(versions).sort((one, other) => Number(other) - Number(one))[0] ?? '';
  const program = (name: string) => join(versions, version, 'bin', name);
  const folder = tempFolder();
  const data = join(folder, 'data');
  const isRoot = process.getuid?.() === 0;
  const own = isRoot ? ['setpriv', '--reuid=postgres', '--regid=postgres', '--init-groups'] : ['env'];
  const [command = '', ...args] = own;
  const give = (path: string) => {
    if (!isRoot) return;
    const [uid, gid] = ['-u', '-g'].map((flag) => Number(execFileSync('id', [flag, 'postgres'])));
    chownSync(path, uid ?? 0, gid ?? 0);
  };
  give(folder);
  const init = ['-D', data, '-U', 'postgres', '-A', 'trust', '-E', 'UTF8', '--no-locale', '--no-sync'];
  execFileSync(command, [...args, program('initdb'), ...init], {
    cwd: '/',
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const port = await freePort();
  const tls = options.authority ? demandTls(options.authority, folder, give) : [];
  const settings = ['fsync=off', 'shared_buffers=16MB', 'listen_addresses=127.0.0.1', ...tls];
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
    port,
    socketFolder: folder,
    stop: async () => {
      await server.stop();
      rmSync(folder, { recursive: true, force: true, maxRetries: 3 });
    },
  };
}

/** Its settings; the server reads no file of another user. */
function demandTls({ ca, server }: Authority, folder: string, give: (path: string) => void): string[] {
  const own = (path: string) => {
    const copy = join(folder, basename(path));
    cpSync(path, copy);
    give(copy);
    return copy;
  };
  const rules = join(folder, 'hba.conf');
  writeFileSync(rules, 'local all all trust\nhostssl all all 127.0.0.1/32 trust clientcert=verify-ca\n');
  give(rules);
  const files = [
    `ssl_ca_file=${own(ca)}`,
    `ssl_cert_file=${own(server.cert)}`,
    `ssl_key_file=${own(server.key)}`,
  ];
  return ['ssl=on', ...files, `hba_file=${rules}`];
}
