import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';
import { Demo } from '../support/demo.js';
import { code } from '../support/oathtool.js';
import { inProject } from '../support/project.js';
import { tempFolder } from '../support/temp-folder.js';

/** What `killer.ts` is to do from now on. */
export interface Plan {
  readonly id: number;
  /** Milliseconds that the clock of the panel is ahead. */
  readonly clock: number;
  /** The write, counted from 1, at which the panel dies. */
  readonly killAt?: number;
  readonly before?: boolean;
  /** Said on the connection of the plugin's SQLite. */
  readonly sql?: readonly string[];
}

/** The demo panel with a clock that the test moves, a database that it limits, and a write at which it kills itself. */
export class MortalDemo {
  readonly demo: Demo;
  readonly #file: string;
  #plan: Plan = { id: 0, clock: 0 };

  static async start(redis: string, data?: string): Promise<MortalDemo> {
    const file = join(tempFolder(), 'plan.json');
    const preload = pathToFileURL(inProject('.build/test/attacks/killer.js')).href;
    const env = { NODE_OPTIONS: `--import ${preload}`, PLAN: file };
    return new MortalDemo(await Demo.start({ args: ['--redis', redis], env, ...(data && { data }) }), file);
  }

  private constructor(demo: Demo, file: string) {
    this.demo = demo;
    this.#file = file;
  }

  /** Milliseconds that the clock of the panel is ahead. */
  get clock(): number {
    return this.#plan.clock;
  }

  /** Starts counting anew; `killAt` writes from now it is dead. */
  async plan(change: Omit<Partial<Plan>, 'id'> = {}): Promise<void> {
    const { clock } = this.#plan;
    this.#plan = { clock, ...change, id: this.#plan.id + 1 };
    writeFileSync(this.#file, JSON.stringify(this.#plan));
    if (this.demo.pid) process.kill(this.demo.pid, 'SIGUSR2');
    await this.#until(() => this.demo.output.includes(`plan ${this.#plan.id}\n`));
  }

  /** The writes since the last plan, in their order. */
  get writes(): string[] {
    const said = this.demo.output.split(`plan ${this.#plan.id}\n`).at(-1) ?? '';
    return [...said.matchAll(/^write \d+ (\S+)$/gm)].map(([, name = '']) => name);
  }

  /** Runs `act` until the panel dies after so many writes, and starts it again. The writes that were done. */
  async survive(done: number, act: () => Promise<unknown>): Promise<string[]> {
    const before = done === 0;
    const killAt = before ? 1 : done;
    await this.plan({ clock: this.clock, killAt, before });
    const error: unknown = await act().then(
      () => new Error(`The panel did not die at write ${killAt}: ${this.writes.join(', ')}`),
      (reason) => reason,
    );
    if (!(error instanceof TypeError) || error.message !== 'fetch failed') throw error;
    await this.demo.stop();
    const writes = this.writes;
    if (writes.length !== killAt)
      throw new Error(`Died at another write than ${killAt}: ${writes.join(', ')}`);
    await this.demo.restart();
    await this.plan();
    return before ? writes.slice(0, -1) : writes;
  }

  /** Moves on by one step of the codes, so that each key has one that was never used; the code of now. */
  async nextCode(key: string): Promise<string> {
    await this.plan({ clock: this.#plan.clock + 30_000 });
    return this.codeNow(key);
  }

  codeNow(key: string): string {
    return code(key, { period: 30, at: Math.floor((Date.now() + this.#plan.clock) / 1_000) });
  }

  async #until(is: () => boolean): Promise<void> {
    for (let tries = 0; !is(); tries += 1) {
      if (tries === 4_000) throw new Error(`The panel did not take its plan:\n${this.demo.output}`);
      await sleep(5);
    }
  }
}
