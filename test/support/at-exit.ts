import { constants } from 'node:os';

const tasks: (() => void)[] = [];

/** Runs `task`, which cannot wait for anything, when this test process ends in whatever way it can notice; last in, first out. */
export function atExit(task: () => void): void {
  if (tasks.length === 0) listen();
  tasks.push(task);
}

function listen(): void {
  process.on('exit', () => {
    for (const task of tasks.toReversed()) task();
  });
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.once(signal, () => process.exit(128 + constants.signals[signal]));
  }
}
