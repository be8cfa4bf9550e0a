import { atExit } from './at-exit.js';
import { freePort } from './free-port.js';
import { TestProcess } from './process.js';
import { inProject } from './project.js';
import { tempFolder } from './temp-folder.js';

export interface DemoOptions {
  /** More arguments, as `--period`, `60`. */
  readonly args?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  /** The folder of its data; without it a new one. */
  readonly data?: string;
  /** Without it a free one. */
  readonly port?: number;
  /** The program; without it that of this project. */
  readonly cli?: string;
}

/** The demo panel as a user starts it, in a process of its own. */
export class Demo {
  readonly data: string;
  readonly port: number;
  readonly #options: DemoOptions;
  #process: TestProcess;

  /** Resolves when it has printed its address. */
  static async start(options: DemoOptions = {}): Promise<Demo> {
    const demo = new Demo(options, options.data ?? tempFolder(), options.port ?? (await freePort()));
    await demo.#ready();
    return demo;
  }

  private constructor(options: DemoOptions, data: string, port: number) {
    this.#options = options;
    this.data = data;
    this.port = port;
    this.#process = this.#spawn();
    atExit(() => {
      if (process.exitCode) process.stderr.write(`The demo panel of port ${port} said:\n${this.output}\n`);
    });
  }

  /** Its origin, without a slash at the end. */
  get url(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  /** What it has printed since it was last started. */
  get output(): string {
    return this.#process.output;
  }

  /** Resolves when it has printed this. */
  said(pattern: RegExp): Promise<RegExpMatchArray> {
    return this.#process.waitFor(pattern);
  }

  get pid(): number | undefined {
    return this.#process.pid;
  }

  /** Ends it as Ctrl-C does; the data stay. */
  async stop(): Promise<void> {
    await this.#process.stop();
  }

  /** Stops it and starts it again on the same port and data. */
  async restart(): Promise<void> {
    await this.stop();
    this.#process = this.#spawn();
    await this.#ready();
  }

  #spawn(): TestProcess {
    const { args = [], env, cli = inProject('dist/cli.js') } = this.#options;
    const own = ['demo', '--port', String(this.port), '--data', this.data];
    return new TestProcess(process.execPath, ['--enable-source-maps', cli, ...own, ...args], {
      cwd: this.data,
      env: { REDIS_URL: undefined, ...env },
    });
  }

  async #ready(): Promise<void> {
    await this.#process.waitFor(new RegExp(`http://(127\\.0\\.0\\.1|localhost):${this.port}\\b`));
  }
}
