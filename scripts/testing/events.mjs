import { run } from 'node:test';
import { sourceOf } from './files.mjs';

/** A test that has not ended after so many milliseconds is given up, and its file with it. */
const patience = 120_000;

/**
 * Runs one test file in a process of its own and yields what node:test says about it, without its sums.
 * Node 20 has no limit of time per test (its `timeout` is for the file), so silence is measured here.
 *
 * @param {string} file
 * @param {AbortSignal} stop ends the file's process
 */
export async function* eventsOf(file, stop) {
  const silence = new AbortController();
  /** @type {string | undefined} */
  let running;
  const giveUp = () => {
    const who = running === undefined ? `${sourceOf(file)}, whose tests are over,` : `"${running}"`;
    silence.abort(new Error(`${who} has not ended after ${patience / 1000} s`));
  };
  let timer = setTimeout(giveUp, patience);
  try {
    for await (const event of run({ files: [file], signal: AbortSignal.any([stop, silence.signal]) })) {
      clearTimeout(timer);
      timer = setTimeout(giveUp, patience);
      if (event.type === 'test:dequeue') running = event.data.name;
      if (event.type === 'test:complete' && event.data.nesting === 0) running = undefined;
      if (event.type !== 'test:diagnostic' || event.data.nesting > 0) yield { file, event };
    }
  } finally {
    clearTimeout(timer);
  }
}

/** Files at a time: two processors are busy with three, since tests wait for servers, browsers and clocks. */
const width = 3;

/**
 * The events of several files, some at a time; those of one file come together.
 *
 * @param {readonly string[]} files
 * @param {AbortSignal} stop
 */
export async function* eventsOfMany(files, stop) {
  const queue = [...files];
  /** @type {Map<string, Promise<{ file: string, events: Awaited<ReturnType<typeof collect>> }>>} */
  const running = new Map();
  while (queue.length > 0 || running.size > 0) {
    while (running.size < width && queue.length > 0) {
      const file = /** @type {string} */ (queue.shift());
      running.set(
        file,
        collect(file, stop).then((events) => ({ file, events })),
      );
    }
    const { file, events } = await Promise.race(running.values());
    running.delete(file);
    yield* events;
  }
}

/**
 * @param {string} file
 * @param {AbortSignal} stop
 */
async function collect(file, stop) {
  const events = [];
  for await (const event of eventsOf(file, stop)) events.push(event);
  return events;
}
