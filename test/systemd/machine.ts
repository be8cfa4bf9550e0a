import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { runProcess, TestProcess } from '../support/process.js';
import { inProject } from '../support/project.js';
import { tempFolder } from '../support/temp-folder.js';

const NAMESPACES = ['--pid', '--mount', '--uts', '--ipc', '--net', '--cgroup'];

/** How a command in the machine ended. */
export interface Outcome {
  readonly code: number | null;
  readonly output: string;
}

/**
 * A Debian in namespaces of its own with systemd as its pid 1, and loopback as its only network. What happens in it
 * is gone with it.
 */
export class Machine {
  readonly #unshare: TestProcess;
  #pid = 0;

  /**
   * Resolves when its start is over.
   *
   * @param tree as debootstrap makes it; it stays as it is
   * @param seen folders and files of this machine that are seen there, read-only, by the place where they are
   */
  static async boot(tree: string, seen: Readonly<Record<string, string>> = {}): Promise<Machine> {
    const binds = Object.entries(seen).flatMap(([target, source]) => [source, target]);
    const machine = new Machine([tree, tempFolder(), ...binds]);
    await machine.#started();
    return machine;
  }

  private constructor(args: readonly string[]) {
    const boot = [inProject('test/systemd/boot.sh'), ...args];
    this.#unshare = new TestProcess('unshare', [
      ...NAMESPACES,
      '--fork',
      // Killed at the end of the tests, it takes the machine with it.
      '--kill-child',
      '--propagation',
      'private',
      ...boot,
    ]);
  }

  /** Where a path of the machine is seen from outside, its sockets too. */
  outside(path: string): string {
    return join(`/proc/${this.#pid}/root`, path);
  }

  /** Runs a command there as root, or as somebody else who is named. */
  run(command: string, { as = 'root' } = {}): Promise<Outcome> {
    const inside = ['--target', String(this.#pid), '--all', '--root', '--wd'];
    const env = ['env', '-i', 'PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin'];
    const user = as === 'root' ? [] : ['setpriv', `--reuid=${as}`, `--regid=${as}`, '--init-groups'];
    return runProcess('nsenter', [...inside, ...env, ...user, 'sh', '-c', command]);
  }

  /** What a command prints; rejects if it fails. */
  async ask(command: string, options?: { as?: string }): Promise<string> {
    const { code, output } = await this.run(command, options);
    if (code !== 0) throw new Error(`${command}: ${code}\n${output}`);
    return output.trimEnd();
  }

  /** Starts something there that goes on; it has written `pattern` when this resolves. */
  async start(command: readonly string[], pattern: RegExp): Promise<TestProcess> {
    const inside = ['--target', String(this.#pid), '--all', '--root', '--wd'];
    const started = new TestProcess('nsenter', [...inside, ...command]);
    await started.waitFor(pattern);
    return started;
  }

  /** Ends it as a power cut would: with its pid 1, all that runs there is gone. */
  async stop(): Promise<void> {
    if (this.#pid) process.kill(this.#pid, 'SIGKILL');
    await this.#unshare.exited;
  }

  async #started(): Promise<void> {
    for (let tries = 0; ; tries += 1) {
      this.#pid ||= childOf(this.#unshare.pid ?? 0);
      // Not before systemd listens: until then, there is nobody to ask.
      if (this.#pid && existsSync(this.outside('/run/systemd/private'))) {
        const { output } = await this.run('systemctl is-system-running');
        if (/^(running|degraded)/.test(output)) return;
      }
      if (tries > 300) throw new Error(`systemd did not start\n${this.#unshare.output}`);
      await delay(200);
    }
  }
}

function childOf(pid: number): number {
  const ids = readdirSync('/proc').map(Number);
  return ids.find((id) => id > 0 && parentOf(id) === pid) ?? 0;
}

function parentOf(pid: number): number | undefined {
  try {
    return Number(
      readFileSync(`/proc/${pid}/stat`, 'utf8')
        .replace(/^.*\) /s, '')
        .split(' ')[1],
    );
  } catch {
    return undefined;
  }
}
