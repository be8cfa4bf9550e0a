import { freePort } from './free-port.js';
import { TestProcess } from './process.js';
import { tempFolder } from './temp-folder.js';

/** A real redis-server of this test alone, on loopback and without files. */
export interface RedisServer {
  readonly url: string;
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
export async function startRedis(options: { password?: string } = {}): Promise<RedisServer> {
  const port = await freePort();
  const place = ['--port', String(port), '--bind', '127.0.0.1', '--dir', tempFolder()];
  const password = options.password === undefined ? [] : ['--requirepass', options.password];
  const settings = [...place, '--save', '', '--appendonly', 'no', ...password];
  let server: TestProcess;

  const start = async () => {
    server = new TestProcess('redis-server', settings);
    await server.waitFor(/Ready to accept connections/);
  };
  const kill = () => server.kill();
  await start();
  return {
    url: `redis://127.0.0.1:${port}`,
    start,
    kill,
    pause: () => server.pause(),
    resume: () => server.resume(),
    stop: kill,
  };
}
