import { accessSync, constants, existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { canInstallPackages, installPackages } from './apt.mjs';
import { Failure } from './failure.mjs';
import { withLock } from './lock.mjs';

/**
 * Something that comes from the system and not from npm. It is there when `command` is on the PATH, when the
 * environment variable `env` names a file, or when `path` exists.
 *
 * @typedef {{ package: string, command?: string, env?: string, path?: string }} Tool
 */

/** What compiling sqlite3 needs. @type {readonly Tool[]} */
export const compilers = [
  { command: 'python3', package: 'python3' },
  { command: 'make', package: 'make' },
  { command: 'g++', package: 'g++' },
];

/** What the tests run against. @type {readonly Tool[]} */
export const testTools = [
  { command: 'redis-server', package: 'redis-server' },
  { command: 'mariadb-install-db', package: 'mariadb-server' },
  { path: '/usr/lib/postgresql', package: 'postgresql' },
  { command: 'fail2ban-regex', package: 'fail2ban' },
  { path: '/usr/sbin/nginx', package: 'nginx' },
  { path: '/usr/sbin/apache2', package: 'apache2' },
  { command: 'chromium', env: 'CHROMIUM', package: 'chromium' },
  { command: 'zbarimg', package: 'zbar-tools' },
  { command: 'oathtool', package: 'oathtool' },
  { path: '/usr/share/fonts/truetype', package: 'fonts-liberation' },
];

/**
 * Installs what is missing where that is possible (root, apt-get); otherwise fails with the command to type.
 *
 * @param {readonly Tool[]} tools
 */
export async function ensureTools(tools) {
  if (missingOf(tools).length === 0) return;
  if (canInstallPackages()) await withLock(() => installPackages(missingOf(tools)));
  const missing = missingOf(tools);
  if (missing.length > 0) throw new Failure(`sudo apt-get install ${missing.join(' ')}`);
}

/**
 * Is there a program of this name on the PATH?
 *
 * @param {string} command
 */
export function isOnPath(command) {
  return (process.env.PATH ?? '').split(delimiter).some((folder) => {
    try {
      accessSync(join(folder, command), constants.X_OK);
      return folder !== '';
    } catch {
      return false;
    }
  });
}

/** @param {readonly Tool[]} tools */
function missingOf(tools) {
  return tools
    .filter(({ command, env, path }) => {
      const named = env && process.env[env];
      if (named) return !existsSync(named);
      return command ? !isOnPath(command) : !(path && existsSync(path));
    })
    .map((tool) => tool.package);
}
