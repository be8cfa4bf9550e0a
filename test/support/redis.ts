import { join } from 'node:path';
import type { Authority } from './authority.js';
import { freePort } from './free-port.js';
import { TestProcess } from './process.js';
import { tempFolder } from './temp-folder.js';

/** A real redis-server of this test alone, on loopback and without files. */
export interface RedisServer {
  readonly url: string;
  /** The port for TLS, which asks for a certificate of the client; only with an authority. */
  readonly tlsPort: number;
  /** The path of its unix socket. */
  readonly socket: string;
  /** Starts it again, empty, on the same port. */
  start(): Promise<void>;
  /** Ends it as a crash would. */
  kill(): Promise<void>;
  /** Lets it hang: connections stay and nothing is answered. */
  pause(): Promise<void>;
  resume(): void;
  /** Ends it. */
  stop(): Promise<void>;
}

/** Starts `redis-server` (Debian package `redis-server`) on a free port. */
export async function startRedis(
  options: { password?: string; authority?: Authority; more?: readonly string[] } = {},
): Promise<RedisServer> {
  const port = await freePort();
  const tlsPort = options.authority ? await freePort() : 0;
  const folder = tempFolder();
  const socket = join(folder, 'redis.sock');
  const place = ['--port', String(port), '--bind', '127.0.0.1', '--dir', folder, '--unixsocket', socket];
  const password = options.password === undefined ? [] : ['--requirepass', options.password];
  const files = options.authority ? tlsFiles(options.authority) : [];
  const tls = ['--tls-port', String(tlsPort), ...files];
  const more = options.more ?? [];
  const settings = [...place, '--save', '', '--appendonly', 'no', ...password, ...tls, ...more];
  let server: TestProcess;

  const start = async () => {
    server = new TestProcess('redis-server', settings);
    await server.waitFor(/Ready to accept connections/);
  };
  const kill = () => server.kill();
  await start();
  return {
    url: `redis://127.0.0.1:${port}`,
    tlsPort,
    socket,
    start,
    kill,
    pause: () => server.pause(),
    resume: () => server.resume(),
    stop: kill,
  };
}

function tlsFiles({ ca, server }: Authority): string[] {
  return ['--tls-cert-file', server.cert, '--tls-key-file', server.key, '--tls-ca-cert-file', ca];
}
