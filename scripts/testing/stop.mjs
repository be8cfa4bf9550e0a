import { constants } from 'node:os';

/** The test files' processes are told to end, and end what they started, before this one goes. */
export function stopOnSignal() {
  const stop = new AbortController();
  for (const signal of /** @type {const} */ (['SIGINT', 'SIGTERM', 'SIGHUP'])) {
    process.once(signal, () => {
      stop.abort();
      setTimeout(() => process.exit(128 + constants.signals[signal]), 2_000);
    });
  }
  return stop.signal;
}
