import { type ChildProcess, fork } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { KeyRing } from '../../src/core/keys/key-ring.js';
import { Sealer } from '../../src/core/keys/sealing.js';
import { atExit } from '../support/at-exit.js';
import { inProject } from '../support/project.js';

/** A verb of a port, called `times` at once. */
export interface Call {
  readonly port: 'factors' | 'ledger' | 'pending' | 'enrolments' | 'limiter' | 'proof';
  readonly verb: string;
  readonly args: readonly unknown[];
  readonly times: number;
}

export interface Answers {
  readonly values: readonly unknown[];
  readonly errors: readonly string[];
}

const KEY = randomBytes(32);

/** Seals as the nodes below do. */
export const sealer = new Sealer(new KeyRing({ active: '00000001', keys: new Map([['00000001', KEY]]) }));

/** Two nodes, each a process of its own. */
export class Claimers {
  readonly #children: readonly ChildProcess[];

  static async start(database: string, redis: string): Promise<Claimers> {
    const script = inProject('.build/test/attacks/claimer.js');
    const children: ChildProcess[] = [];
    // One after the other: the first one makes the tables.
    for (let node = 0; node < 2; node += 1) {
      const child = fork(script, [database, redis, KEY.toString('hex')], {
        env: { ...process.env, NODE_TEST_CONTEXT: undefined },
      });
      atExit(() => child.kill('SIGKILL'));
      children.push(child);
      const [first] = (await Promise.race([
        once(child, 'message'),
        once(child, 'exit').then(([code]) => [`ended with ${code}`]),
      ])) as [string];
      if (first !== 'ready') throw new Error(`The node ${first}`);
    }
    return new Claimers(children);
  }

  private constructor(children: readonly ChildProcess[]) {
    this.#children = children;
  }

  /** The answers of both nodes to the same call, half of `times` from each; those of the second to `other`, if given. */
  async all(
    port: Call['port'],
    verb: string,
    args: readonly unknown[],
    { times = 50, other = args }: { times?: number; other?: readonly unknown[] } = {},
  ): Promise<Answers> {
    const answers = await Promise.all(
      this.#children.map(async (child, index) => {
        const answered = once(child, 'message');
        const call: Call = { port, verb, args: index === 0 ? args : other, times: times / 2 };
        child.send(call);
        return (await answered)[0] as Answers;
      }),
    );
    return {
      values: answers.flatMap(({ values }) => values),
      errors: answers.flatMap(({ errors }) => errors),
    };
  }

  async stop(): Promise<void> {
    await Promise.all(
      this.#children.map((child) => {
        const exited = once(child, 'exit');
        child.disconnect();
        return exited;
      }),
    );
  }
}
