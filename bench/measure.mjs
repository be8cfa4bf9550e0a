import { Agent, get } from 'node:http';
import autocannon from 'autocannon';

/** Requests per second and milliseconds at p50 and p99, of ten connections for some seconds. Throws when any answer was not 200. */
export async function load({ url, cookie }, seconds) {
  const times = [];
  const run = autocannon({ url, connections: 10, duration: seconds, headers: { cookie } });
  run.on('response', (_client, _status, _bytes, milliseconds) => times.push(milliseconds));
  const { requests, errors, non2xx } = await run;
  if (errors > 0 || non2xx > 0)
    throw new Error(`${url}: ${errors} errors, ${non2xx} answers that are no page`);
  times.sort((one, other) => one - other);
  return {
    rate: requests.average,
    p50: times[times.length >> 1],
    p99: times[Math.floor(times.length * 0.99)],
  };
}

/** Milliseconds of one request at p50, one after the other on one connection. */
export async function sequential({ url, cookie }, count) {
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  const times = [];
  for (let index = 0; index < count; index += 1) {
    const start = performance.now();
    await new Promise((resolve, reject) => {
      get(url, { agent, headers: { cookie } }, (response) => response.resume().on('end', resolve)).on(
        'error',
        reject,
      );
    });
    times.push(performance.now() - start);
  }
  agent.destroy();
  return median(times);
}

export function median(numbers) {
  const sorted = [...numbers].sort((one, other) => one - other);
  return sorted[sorted.length >> 1];
}
