import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { Failure } from './failure.mjs';
import { npm } from './npm.mjs';
import { at } from './project.mjs';
import { run } from './run.mjs';
import { compilers, ensureTools } from './tools.mjs';

const proof = "new (require('sqlite3').Database)(':memory:').close((error) => process.exit(error ? 1 : 0))";

/** Tried in a process of its own: a binary that was cut off can bring its process down. */
export async function sqliteLoads() {
  return (await run(process.execPath, ['-e', proof])).ok;
}

/**
 * sqlite3 brings no binary. Its makers' prebuilt one is tried first; where it cannot be fetched, or does not run
 * with this system's C library, it is compiled.
 */
export async function buildSqlite() {
  await run(process.execPath, [at('node_modules/prebuild-install/bin.js'), '-r', 'napi'], {
    cwd: at('node_modules/sqlite3'),
    timeout: 60_000,
  });
  if (await sqliteLoads()) return;

  await ensureTools(compilers);
  console.error('Compiling sqlite3, about two minutes…');
  await npm(['rebuild', 'sqlite3', '--ignore-scripts=false'], {
    npm_config_build_from_source: 'true',
    ...ownHeaders(),
  });
  if (!(await sqliteLoads()))
    throw new Failure('sqlite3 was compiled but cannot be loaded. Remove node_modules and try again.');
}

/** The headers that came with this Node, so that none are downloaded; node-gyp does not look there by itself. */
function ownHeaders() {
  const prefix = join(dirname(process.execPath), '..');
  try {
    const text = readFileSync(join(prefix, 'include/node/node_version.h'), 'utf8');
    const version = ['MAJOR', 'MINOR', 'PATCH']
      .map((part) => text.match(`NODE_${part}_VERSION (\\d+)`)?.[1])
      .join('.');
    return version === process.versions.node ? { npm_package_config_node_gyp_nodedir: prefix } : {};
  } catch {
    return {};
  }
}
