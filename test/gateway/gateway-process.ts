import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { freePort } from '../support/free-port.js';
import { TestProcess } from '../support/process.js';
import { inProject } from '../support/project.js';
import { tempFolder } from '../support/temp-folder.js';
import { plainConfig } from './start.js';

/** The gateway as its command starts it, in front of the plain panel. */
export class GatewayProcess {
  readonly process: TestProcess;
  readonly url: string;
  readonly port: number;
  readonly config: string;

  private constructor(config: string, port: number, url: string) {
    this.config = config;
    this.port = port;
    this.url = url;
    this.process = spawnGateway(['--config', config]);
  }

  /** Resolves when it listens; `more` replaces keys of the configuration. */
  static async start(upstream: string, more: Record<string, unknown> = {}): Promise<GatewayProcess> {
    const folder = tempFolder();
    const port = await freePort();
    const config = join(folder, 'gateway.json');
    const given = { ...plainConfig(port, upstream, folder), logLevel: 'info', ...more };
    writeFileSync(config, JSON.stringify(given));
    const gateway = new GatewayProcess(config, port, `http://127.0.0.1:${port}`);
    await gateway.process.waitFor(/the gateway listens/);
    return gateway;
  }

  /** Resident memory now, in megabytes. */
  get megabytes(): number {
    const status = readFileSync(`/proc/${this.process.pid}/status`, 'utf8');
    return Number(/VmRSS:\s+(\d+) kB/.exec(status)?.[1]) / 1_024;
  }
}

export function spawnGateway(args: readonly string[], env = {}): TestProcess {
  const script = inProject('.build/test/gateway/run.js');
  return new TestProcess(process.execPath, ['--enable-source-maps', script, ...args], { env });
}
