import { existsSync, readdirSync } from 'node:fs';
import { at } from '../prepare/project.mjs';

const built = '.build';

/** Files that need the machine for themselves: they compare times, or keep both processors busy. */
const alone = ['test/attacks/before-the-password.', 'test/attacks/killed.'];

/** Each has a command of its own: one needs a running panel and accounts of it, the other makes whole Debian trees. */
const apart = { live: 'test/live/', systemd: 'test/systemd/' };

/**
 * The compiled test files of a command of its own.
 *
 * @param {keyof typeof apart} command
 * @param {readonly string[]} patterns as in {@link testFiles}
 */
export function filesApart(command, patterns) {
  return filesOf(patterns)
    .filter((name) => name.startsWith(apart[command]))
    .map((name) => at(built, name));
}

/**
 * The compiled test files, those that may run side by side and those that run one after the other.
 *
 * @param {readonly string[]} patterns parts of the paths wanted, as `test/core` or `login.test.ts`; none means all
 * @returns {{ together: string[], alone: string[] }} absolute paths
 */
export function testFiles(patterns) {
  const names = filesOf(patterns).filter(
    (name) => !Object.values(apart).some((folder) => name.startsWith(folder)),
  );
  const isAlone = (/** @type {string} */ name) => alone.some((start) => name.startsWith(start));
  return {
    together: names.filter((name) => !isAlone(name)).map((name) => at(built, name)),
    alone: names.filter(isAlone).map((name) => at(built, name)),
  };
}

/** @param {readonly string[]} patterns */
function filesOf(patterns) {
  const wanted = patterns.map((pattern) => pattern.replace(/^\.\//, '').replace(/\.ts$/, '.js'));
  return existsSync(at(built, 'test'))
    ? readdirSync(at(built, 'test'), { recursive: true, encoding: 'utf8' })
        .map((name) => `test/${name}`)
        .filter((name) => name.endsWith('.test.js'))
        .filter((name) => wanted.length === 0 || wanted.some((pattern) => name.includes(pattern)))
        .sort()
    : [];
}

/**
 * How a test file is called to the reader: its source, from the root of the project.
 *
 * @param {string} file an absolute path of {@link testFiles}
 */
export function sourceOf(file) {
  return file.slice(at(built).length + 1).replace(/\.js$/, '.ts');
}
