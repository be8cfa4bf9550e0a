import { closeSync, fdatasyncSync, openSync, rmSync, writeSync } from 'node:fs';
import { join } from 'node:path';

const WRITES = 200;

/**
 * Prints how long the disk takes for one small write that has to stay, with nothing else of ours going on. A login makes
 * four of them, one after the other: the login opened, the attempt spent, the step claimed, the event written down.
 */
export function diskWrites(folder) {
  const path = join(folder, 'disk-writes');
  const file = openSync(path, 'w');
  const page = Buffer.alloc(4_096);
  const times = [];
  for (let count = 0; count < WRITES; count += 1) {
    writeSync(file, page);
    const start = performance.now();
    fdatasyncSync(file);
    times.push(performance.now() - start);
  }
  closeSync(file);
  rmSync(path);
  times.sort((one, other) => one - other);
  const at = (part) => times[Math.floor((WRITES - 1) * part)].toFixed(2);
  console.log(`the disk, for a write that has to stay: p50 ${at(0.5)} ms, p99 ${at(0.99)} ms`);
}
