import { existsSync, mkdirSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { Failure } from './failure.mjs';
import { run } from './run.mjs';

/** Outside of the project, kept for the next time; `rm -r` is all it takes to have new ones. */
const trees = '/var/cache/panel-2fa-tests';

const always = ['systemd', 'systemd-sysv', 'dbus', 'adduser', 'ca-certificates'];

/**
 * A Debian of this suite in a folder, with systemd and these packages. Whoever uses it lays something over it: the
 * tree itself stays as debootstrap made it.
 *
 * @param {string} suite
 * @param {readonly string[]} packages
 */
export async function ensureTree(suite, packages) {
  if (process.getuid?.() !== 0) throw new Failure('Only root can make a Debian tree: run this as root.');
  const wanted = [...always, ...packages];
  const tree = join(trees, [suite, ...packages].join('+'));
  if (existsSync(tree)) return tree;
  mkdirSync(trees, { recursive: true, mode: 0o755 });
  const temporary = `${tree}.new`;
  rmSync(temporary, { recursive: true, force: true });
  console.error(`Making a tree of Debian ${suite} in ${tree}…`);
  const args = ['--variant=minbase', `--include=${wanted.join(',')}`, suite, temporary];
  const { ok, output } = await run('debootstrap', args, { timeout: 900_000 });
  if (!ok) {
    rmSync(temporary, { recursive: true, force: true });
    throw new Failure(output.split('\n').slice(-20).join('\n'));
  }
  renameSync(temporary, tree);
  return tree;
}
