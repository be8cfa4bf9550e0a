import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { spec } from 'node:test/reporters';
import { at } from './prepare/project.mjs';
import { run } from './prepare/run.mjs';
import { ensureBuilt, ensureInstalled, ensureTools, Failure, testTools } from './prepare.mjs';
import { eventsOf, eventsOfMany } from './testing/events.mjs';
import { testFiles } from './testing/files.mjs';
import { stopOnSignal } from './testing/stop.mjs';
import { Tally } from './testing/tally.mjs';

const patterns = process.argv.slice(2);
const tally = new Tally();
const ready = await check('preparation', async () => {
  await ensureInstalled();
  await ensureTools(testTools);
});
if (ready) {
  await check('build', () => ensureBuilt());
  await check('build of the tests', () => ensureBuilt('tests'));
  if (patterns.length === 0) await check('lint and format', lint);
  await runTests();
}
for (const line of tally.lines) console.log(line);
process.exitCode = tally.failures.length > 0 ? 1 : 0;

/**
 * @param {string} name
 * @param {() => Promise<void>} step
 */
async function check(name, step) {
  try {
    await step();
    return true;
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    console.error(error.message);
    tally.fail(name);
    return false;
  }
}

async function lint() {
  const args = [
    at('node_modules/@biomejs/biome/bin/biome'),
    'ci',
    '.',
    ...(process.stdout.isTTY ? [] : ['--colors=off']),
  ];
  const { ok } = await run(process.execPath, args, { show: true });
  if (!ok) throw new Failure('"npm run format" fixes what can be fixed automatically.');
}

async function runTests() {
  const files = testFiles(patterns);
  if (files.together.length + files.alone.length === 0)
    return tally.fail(patterns.length > 0 ? `no test file matches ${patterns.join(' ')}` : 'no test file');
  const stop = stopOnSignal();
  async function* counted() {
    for await (const { file, event } of eventsOfMany(files.together, stop)) {
      tally.add(file, event);
      yield event;
    }
    for (const path of files.alone) {
      for await (const { file, event } of eventsOf(path, stop)) {
        tally.add(file, event);
        yield event;
      }
    }
  }
  await pipeline(Readable.from(counted()), new spec(), process.stdout, { end: false });
}
