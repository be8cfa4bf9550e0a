import { existsSync, rmSync, writeFileSync } from 'node:fs';
import { Failure } from './failure.mjs';
import { run } from './run.mjs';

const aptGet = '/usr/bin/apt-get';

/** Asked by Debian's packages before they start their daemon; 101 means "do not". */
const daemonPolicy = '/usr/sbin/policy-rc.d';

/** May this process install Debian packages? */
export function canInstallPackages() {
  return process.getuid?.() === 0 && existsSync(aptGet);
}

/**
 * @param {readonly string[]} packages names of Debian packages; none is fine
 */
export async function installPackages(packages) {
  if (packages.length === 0) return;
  console.error(`Installing Debian packages: ${packages.join(' ')}…`);
  await run(aptGet, [...patience, 'update']);
  await withoutDaemons(async () => {
    const args = [...patience, 'install', '-y', '--no-install-recommends', ...packages];
    const { ok, output } = await run(aptGet, args, { env: { DEBIAN_FRONTEND: 'noninteractive' } });
    if (!ok)
      throw new Failure(`${output}\n\n"apt-get install ${packages.join(' ')}" failed; its output is above.`);
  });
}

const patience = ['-qq', '-o', 'DPkg::Lock::Timeout=300'];

/** @param {() => Promise<void>} step */
async function withoutDaemons(step) {
  const ours = !existsSync(daemonPolicy);
  if (!ours) return step();
  const restore = () => rmSync(daemonPolicy, { force: true });
  process.once('exit', restore);
  writeFileSync(daemonPolicy, '#!/bin/sh\nexit 101\n', { mode: 0o755, flag: 'wx' });
  try {
    await step();
  } finally {
    restore();
    process.off('exit', restore);
  }
}
