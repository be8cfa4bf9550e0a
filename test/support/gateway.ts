import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { atExit } from './at-exit.js';
import { freePort } from './free-port.js';
import { TestProcess } from './process.js';
import { inProject } from './project.js';
import { tempFolder } from './temp-folder.js';

export interface GatewayOptions {
  /** The address of the panel, as a configuration has it. */
  readonly upstream: string;
  /** The panel's database, for a user who can only read. */
  readonly panelDatabase: string;
  /** More keys of `panel`. */
  readonly panel?: Readonly<Record<string, unknown>>;
  /** More keys of the configuration, or others in place of these. */
  readonly config?: Readonly<Record<string, unknown>>;
  readonly env?: Readonly<Record<string, string>>;
}

/** The gateway as an operator starts it in front of ISPConfig: `panel-2fa gateway --config FILE`, a process of its own. */
export class Gateway {
  readonly folder: string;
  readonly port: number;
  readonly #env: Readonly<Record<string, string>>;
  #process: TestProcess;

  /** Resolves when it listens; rejects with what it said when it ends before. */
  static async start(options: GatewayOptions): Promise<Gateway> {
    const gateway = new Gateway(options, tempFolder(), await freePort());
    await gateway.#process.waitFor(/the gateway listens/);
    return gateway;
  }

  private constructor(options: GatewayOptions, folder: string, port: number) {
    this.folder = folder;
    this.port = port;
    this.#env = options.env ?? {};
    writeFileSync(this.configFile, JSON.stringify(configOf(options, folder, port)));
    this.#process = this.#spawn();
    atExit(() => {
      if (process.exitCode) process.stderr.write(`The gateway of port ${port} said:\n${this.output}\n`);
    });
  }

  get configFile(): string {
    return join(this.folder, 'gateway.json');
  }

  /** Its origin, without a slash at the end. */
  get url(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  /** What it has printed since it was last started. */
  get output(): string {
    return this.#process.output;
  }

  /** Milliseconds of the processor that it has used, all its threads together. */
  get cpuMilliseconds(): number {
    const stat = readFileSync(`/proc/${this.#process.pid}/stat`, 'utf8').replace(/^.*\) /s, '');
    const [user = 0, system = 0] = stat.split(' ').slice(11, 13).map(Number);
    return (user + system) * 10;
  }

  /** Resolves when it has printed this. */
  said(pattern: RegExp): Promise<RegExpMatchArray> {
    return this.#process.waitFor(pattern);
  }

  /** Ends it as a service manager does; its data stay. */
  async stop(): Promise<void> {
    await this.#process.stop();
  }

  /** Stops it and starts it again on the same port and data. */
  async restart(): Promise<void> {
    await this.stop();
    this.#process = this.#spawn();
    await this.#process.waitFor(/the gateway listens/);
  }

  #spawn(): TestProcess {
    return spawnGateway(['--config', this.configFile], this.#env);
  }
}

/** A configuration with all that is needed and its data in `folder`. */
export function configOf(options: GatewayOptions, folder: string, port: number): Record<string, unknown> {
  return {
    listen: `127.0.0.1:${port}`,
    publicUrl: `http://127.0.0.1:${port}`,
    upstream: options.upstream,
    panel: { type: 'ispconfig', database: options.panelDatabase, ...options.panel },
    database: `sqlite:${join(folder, 'panel-2fa.sqlite')}`,
    keyFile: join(folder, 'key'),
    ...options.config,
  };
}

/** `panel-2fa gateway` with these arguments. */
export function spawnGateway(
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
): TestProcess {
  return new TestProcess(
    process.execPath,
    ['--enable-source-maps', inProject('dist/cli.js'), 'gateway', ...args],
    { env },
  );
}
