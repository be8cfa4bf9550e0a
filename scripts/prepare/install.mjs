import { existsSync, readFileSync, rmSync } from 'node:fs';
import { Failure } from './failure.mjs';
import { withLock } from './lock.mjs';
import { npm } from './npm.mjs';
import { at } from './project.mjs';
import { buildSqlite, sqliteLoads } from './sqlite.mjs';

/** npm writes it last; it lists what it has unpacked. */
const unpackedList = 'node_modules/.package-lock.json';

/** Makes `node_modules` what `package-lock.json` says, with the one native package built. */
export async function ensureInstalled() {
  if (isUnpacked() && (await sqliteLoads())) return;
  await withLock(async () => {
    if (!isUnpacked()) await unpack();
    if (!(await sqliteLoads())) await buildSqlite();
  });
}

async function unpack() {
  console.error('Installing the packages of package-lock.json…');
  // Interrupted while it removes the old ones, npm would leave its list behind and with it the look of a whole.
  rmSync(at(unpackedList), { force: true });
  await npm(['ci', '--ignore-scripts', '--include=dev', '--include=optional', '--no-audit', '--no-fund']);
  if (!isUnpacked())
    throw new Failure('npm ci succeeded, but packages are missing. Remove node_modules and try again.');
}

function isUnpacked() {
  const wanted = packagesOf('package-lock.json') ?? {};
  const unpacked = packagesOf(unpackedList);
  if (!unpacked) return false;
  return Object.entries(wanted).every(([path, { version, optional }]) => {
    if (path === '') return true;
    const found = unpacked[path];
    // Packages for other systems are optional, and npm leaves them out.
    if (!found) return optional === true;
    return found.version === version && existsSync(at(path, 'package.json'));
  });
}

/**
 * @param {string} file
 * @returns {Record<string, { version?: string, optional?: boolean }> | undefined} `undefined`: not there or cut off
 */
function packagesOf(file) {
  try {
    return JSON.parse(readFileSync(at(file), 'utf8')).packages;
  } catch {
    return undefined;
  }
}
