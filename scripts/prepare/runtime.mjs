import { existsSync, mkdirSync, mkdtempSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { Failure } from './failure.mjs';
import { npm } from './npm.mjs';
import { at } from './project.mjs';
import { run } from './run.mjs';

/** The newest of each supported line that the npm registry has for both architectures, by its major version. */
export const runtimes = { 20: '20.20.2', 22: '22.23.3', 24: '24.21.0' };

const cache = at('node_modules/.cache/panel-2fa');

/**
 * Another Node than the one that runs: the program of the npm package `node`, which keeps it in a package for each
 * architecture. Fetched once.
 *
 * @param {string} version
 * @returns {Promise<{ node: string, license: string }>} absolute paths of the program and of its licence
 */
export async function ensureRuntime(version) {
  const folder = join(cache, `node-${version}-${process.arch}`);
  const paths = { node: join(folder, 'bin/node'), license: join(folder, 'LICENSE') };
  if (existsSync(paths.node)) return paths;
  mkdirSync(cache, { recursive: true });
  const temporary = mkdtempSync(join(cache, 'fetching-'));
  try {
    await npm(['pack', '--silent', '--pack-destination', temporary, `node-linux-${process.arch}@${version}`]);
    const [packed = ''] = readdirSync(temporary);
    const { ok, output } = await run('tar', ['-xzf', join(temporary, packed), '-C', temporary]);
    if (!ok) throw new Failure(output);
    renameSync(join(temporary, 'package'), folder);
  } finally {
    rmSync(temporary, { recursive: true, force: true });
  }
  return paths;
}
