import { appendFileSync } from 'node:fs';
import files from 'node:fs/promises';
import { syncBuiltinESMExports } from 'node:module';
import timers from 'node:timers/promises';
import sqlite3 from 'sqlite3';

/**
 * Loaded before a program: writes down each of its writes to files and databases in the file `WRITES`, and ends it
 * with SIGKILL right after write number `KILL_AT`; 0 is before the first. Its pauses are over at once.
 */
const { WRITES = '', KILL_AT = '' } = process.env;
let writes = 0;

function die(): void {
  if (String(writes) !== KILL_AT) return;
  process.kill(process.pid, 'SIGKILL');
  // The signal comes at once, and nothing must happen in between.
  for (;;) Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0);
}

function written(what: string): void {
  writes += 1;
  appendFileSync(WRITES, `${what}\n`);
  die();
}

type Act = (...args: never[]) => Promise<unknown>;

function counted(target: object, name: string, counts: (...args: unknown[]) => boolean = () => true): void {
  const methods = target as Record<string, Act>;
  const original = methods[name] as (...args: unknown[]) => Promise<unknown>;
  methods[name] = async function (this: unknown, ...args: unknown[]) {
    if (!counts(...args)) return original.apply(this, args);
    if (writes === 0) die();
    const result = await original.apply(this, args);
    written(name);
    return result;
  };
}

const handle = await files.open(import.meta.filename);
for (const name of ['writeFile', 'sync']) counted(Object.getPrototypeOf(handle), name);
await handle.close();
counted(files, 'open', (_path, flags) => flags === 'wx');
counted(files, 'rename');
counted(files, 'link');
counted(files, 'writeFile');
const pause = timers.setTimeout;
// One with options can be stopped: that is a deadline, no pause.
Object.assign(timers, {
  setTimeout: (ms: number, value?: unknown, options?: object) => pause(options ? ms : 0, value, options),
});
syncBuiltinESMExports();

type Done = (this: unknown, ...args: unknown[]) => void;
const database = sqlite3.Database.prototype as unknown as { run(sql: string, ...rest: unknown[]): unknown };
const run = database.run;
database.run = function (sql, ...rest) {
  if (!/^(UPDATE|INSERT|DELETE)/.test(sql)) return run.call(this, sql, ...rest);
  if (writes === 0) die();
  const done = rest.pop() as Done;
  return run.call(this, sql, ...rest, function (this: unknown, ...args: unknown[]) {
    written(sql.split(' ', 1)[0] ?? '');
    done.apply(this, args);
  });
};
