import { createHash } from 'node:crypto';
import { chmodSync, existsSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { Failure } from './failure.mjs';
import { withLock } from './lock.mjs';
import { at } from './project.mjs';
import { run } from './run.mjs';

const shared = ['package.json', 'package-lock.json', 'tsconfig.json', 'src'];

const builds = {
  dist: { project: 'tsconfig.json', out: 'dist', from: shared },
  tests: { project: 'test/tsconfig.json', out: '.build', from: [...shared, 'examples', 'test'] },
};

/**
 * Compiles what has changed since the last time: `dist` is what runs, `tests` is everything with the tests, in
 * `.build`. The output folder is emptied before, so nothing of a deleted source is left to run.
 *
 * @param {keyof typeof builds} [what]
 */
export async function ensureBuilt(what = 'dist') {
  const { project, out, from } = builds[what];
  if (isFresh(out, from)) return;
  await withLock(async () => {
    if (isFresh(out, from)) return;
    const print = fingerprint(from);
    rmSync(at(out), { recursive: true, force: true });
    const { ok, output } = await run(process.execPath, [
      at('node_modules/typescript/bin/tsc'),
      '-p',
      project,
    ]);
    if (!ok) throw new Failure(output);
    if (existsSync(at(out, 'cli.js'))) chmodSync(at(out, 'cli.js'), 0o755);
    writeFileSync(stampOf(out), print);
  });
}

/** @param {string} out */
function stampOf(out) {
  return at(out, '.built-from');
}

/**
 * @param {string} out
 * @param {readonly string[]} from
 */
function isFresh(out, from) {
  return existsSync(stampOf(out)) && readFileSync(stampOf(out), 'utf8') === fingerprint(from);
}

/**
 * Of names and contents: times would miss a deleted file, and a checkout changes them for nothing.
 *
 * @param {readonly string[]} from
 */
function fingerprint(from) {
  const hash = createHash('sha256');
  for (const file of from.flatMap(filesUnder))
    hash
      .update(`${file}\0`)
      .update(readFileSync(at(file)))
      .update('\0');
  return hash.digest('hex');
}

/**
 * @param {string} path
 * @returns {string[]}
 */
function filesUnder(path) {
  if (!existsSync(at(path))) return [];
  if (statSync(at(path)).isFile()) return [path];
  return readdirSync(at(path))
    .sort()
    .flatMap((name) => filesUnder(`${path}/${name}`));
}
