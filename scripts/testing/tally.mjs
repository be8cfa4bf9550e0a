import { sourceOf } from './files.mjs';

/**
 * Counts tests, not suites: what has tests inside counts only when it fails by itself, as by a hook. Not run (by
 * `skip` or `todo`) is not passed, and a file without a test has failed.
 */
export class Tally {
  passed = 0;
  /** @type {string[]} */
  failures = [];
  /** Per file, which depths hold a test whose parent has not been heard of yet. @type {Map<string, Set<number>>} */
  #open = new Map();

  /** @param {string} reason */
  fail(reason) {
    this.failures.push(reason);
  }

  /**
   * @param {string} file
   * @param {import('node:test').TestEvent} event
   */
  add(file, event) {
    if (event.type !== 'test:pass' && event.type !== 'test:fail') return;
    const { name, nesting, skip, todo, details } = event.data;
    const open = this.#open.get(file) ?? new Set();
    this.#open.set(file, open);
    const isParent = open.delete(nesting + 1) || details.type === 'suite';
    if (nesting > 0) open.add(nesting);

    const failure = event.type === 'test:fail' ? details.error : undefined;
    const source = sourceOf(file);
    if (failure?.failureType === 'subtestsFailed') return;
    if (failure) this.fail(name === file ? source : `${source}: ${name}`);
    else if (name === file) this.fail(`${source}: holds no test`);
    else if (skip !== undefined || todo !== undefined) this.fail(`${source}: ${name} (not run)`);
    else if (!isParent) this.passed += 1;
  }

  /** What a reader and a machine look for last. */
  get lines() {
    return [
      ...this.failures.map((failure) => `failed: ${failure}`),
      `${this.passed} passed, ${this.failures.length} failed`,
    ];
  }
}
