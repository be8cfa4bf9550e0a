import { type ChildProcess, spawn } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import type { Socket } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { atExit } from './at-exit.js';

/** How a process ended: by itself with a code, or by a signal. */
export interface Exit {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

export interface ProcessOptions {
  readonly cwd?: string;
  /** Added to the environment of the tests; `undefined` takes a variable out of it. */
  readonly env?: Readonly<Record<string, string | undefined>>;
}

/** A process that the tests have started, and that does not outlive them. */
export class TestProcess {
  /** What it has written so far, to both of its outputs. */
  output = '';
  /** Its end. A test that waits for nothing else than this ends unfinished; `stop` and `waitFor` do wait. */
  readonly exited: Promise<Exit>;
  readonly #child: ChildProcess;
  readonly #name: string;
  readonly #listeners = new Set<() => void>();

  constructor(command: string, args: readonly string[], options: ProcessOptions = {}) {
    this.#name = [command, ...args].join(' ');
    this.#child = spawn(command, args, {
      cwd: options.cwd,
      // A child of node:test would otherwise report its own tests in the runner's binary language.
      env: { ...process.env, NODE_TEST_CONTEXT: undefined, ...options.env },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    this.#child.stdout?.setEncoding('utf8').on('data', (text: string) => this.#hear(text));
    this.#child.stderr?.setEncoding('utf8').on('data', (text: string) => this.#hear(text));
    this.exited = new Promise((resolve) => {
      this.#child.on('error', (error) => {
        this.#hear(`${error.message}\n`);
        if (this.pid === undefined) resolve({ code: null, signal: null });
      });
      this.#child.on('close', (code, signal) => resolve({ code, signal }));
    });
    // Forgotten by a test, it must not keep the test's own process from ending, which then ends it.
    this.#child.unref();
    for (const pipe of [this.#child.stdout, this.#child.stderr]) (pipe as Socket | null)?.unref();
    atExit(() => this.#child.kill('SIGKILL'));
  }

  get pid(): number | undefined {
    return this.#child.pid;
  }

  /**
   * The first match of `pattern` in the output, once it is there. Rejects, with the output, when the process
   * ends before or `milliseconds` have passed.
   */
  waitFor(pattern: RegExp, milliseconds = 20_000): Promise<RegExpMatchArray> {
    return new Promise((resolve, reject) => {
      const settle = (act: () => void) => {
        clearTimeout(timer);
        this.#listeners.delete(look);
        act();
      };
      const fail = (why: string) => {
        settle(() => reject(new Error(`${this.#name}: ${why} before ${pattern}\n${this.output}`)));
      };
      const look = () => {
        const match = this.output.match(pattern);
        if (match) settle(() => resolve(match));
      };
      const timer = setTimeout(() => fail(`${milliseconds} ms passed`), milliseconds);
      this.#listeners.add(look);
      look();
      void this.exited.then(({ code, signal }) => fail(`ended (${signal ?? code})`));
    });
  }

  /** Asks it to end, and after `milliseconds` makes it. */
  async stop(milliseconds = 5_000): Promise<Exit> {
    this.#child.kill('SIGTERM');
    const timer = setTimeout(() => this.#child.kill('SIGKILL'), milliseconds);
    const exit = await this.exited;
    clearTimeout(timer);
    return exit;
  }

  /** Ends it as a crash would. */
  async kill(): Promise<void> {
    this.#child.kill('SIGKILL');
    await this.stop();
  }

  /** Lets it hang. The signal is only asked for when `kill` returns: this waits until each of its threads has stopped. */
  async pause(): Promise<void> {
    this.#child.kill('SIGSTOP');
    while (this.pid !== undefined && !standsStill(this.pid)) await delay(1);
  }

  resume(): void {
    this.#child.kill('SIGCONT');
  }

  #hear(text: string): void {
    this.output += text;
    for (const listener of this.#listeners) listener();
  }
}

/** Whether each thread is in the state "stopped" (proc(5), `stat`); not, while threads still come and go. */
function standsStill(pid: number): boolean {
  try {
    return readdirSync(`/proc/${pid}/task`).every((thread) => {
      const stat = readFileSync(`/proc/${pid}/task/${thread}/stat`, 'utf8');
      return stat.charAt(stat.lastIndexOf(')') + 2) === 'T';
    });
  } catch {
    return false;
  }
}

/** Runs a program to its end, for at most a minute; the exit is told, not judged. */
export async function runProcess(
  command: string,
  args: readonly string[],
  options?: ProcessOptions,
): Promise<Exit & { readonly output: string }> {
  const child = new TestProcess(command, args, options);
  const timer = setTimeout(() => void child.stop(), 60_000);
  const exit = await child.exited;
  clearTimeout(timer);
  return { ...exit, output: child.output };
}
