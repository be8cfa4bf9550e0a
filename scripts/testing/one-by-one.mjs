import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { spec } from 'node:test/reporters';
import { eventsOf } from './events.mjs';
import { sourceOf } from './files.mjs';
import { stopOnSignal } from './stop.mjs';
import { Tally } from './tally.mjs';

/**
 * Runs test files one after the other, prints what they say and the sums, and sets the exit code. A test that is
 * skipped for want of something is told as not run; if none could run, that is a failure.
 *
 * @param {readonly string[]} files
 */
export async function runOneByOne(files) {
  const tally = new Tally();
  /** @type {string[]} */
  const notRun = [];
  if (files.length === 0) tally.fail('no test file');
  const stop = stopOnSignal();
  async function* counted() {
    for (const path of files) {
      for await (const { file, event } of eventsOf(path, stop)) {
        const skip = event.type === 'test:pass' ? event.data.skip : undefined;
        if (skip === undefined) tally.add(file, event);
        else notRun.push(`not run: ${sourceOf(file)}: ${event.data.name} (${skip})`);
        yield event;
      }
    }
  }
  await pipeline(Readable.from(counted()), new spec(), process.stdout, { end: false });
  if (tally.passed === 0 && tally.failures.length === 0) tally.fail('no test could run');
  for (const line of [...notRun, ...tally.lines]) console.log(line);
  process.exitCode = tally.failures.length > 0 ? 1 : 0;
}
