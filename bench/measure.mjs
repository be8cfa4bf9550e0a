import { Agent, get } from 'node:http';
import autocannon from 'autocannon';

/** Requests per second and milliseconds at p50 and p99, of ten connections for some seconds. Throws when any answer was not 200. */
export async function load({ url, cookie }, seconds) {
  const times = [];
  const run = autocannon({ url, connections: 10, duration: seconds, headers: { cookie } });
  run.on('response', (_client, _status, _bytes, milliseconds) => times.push(milliseconds));
  const { requests, errors, non2xx } = await run;
  if (errors > 0 || non2xx > 0)
    throw new Error(`${url}: ${errors} errors, ${non2xx} answers that are not a page`);
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

/**
 * Measures targets in turns, so that whatever else the machine does falls on each of them, and prints a line for each.
 * The result has a list per figure and target, with a value per round; the first round warms up and is left out.
 */
export async function inTurns(title, targets, { rounds, seconds }) {
  const figures = targets.map(() => ({ rate: [], p50: [], p99: [], single: [] }));
  for (let round = 0; round <= rounds; round += 1) {
    for (const [index, target] of targets.entries()) {
      const measured = { ...(await load(target, seconds)), single: await sequential(target, 500) };
      if (round === 0) continue;
      for (const [name, values] of Object.entries(figures[index])) values.push(measured[name]);
    }
  }
  console.log(`\n${title} (median of ${rounds} rounds of ${seconds} s, 10 connections)`);
  for (const [index, { name }] of targets.entries()) {
    const { rate, p50, p99, single } = figures[index];
    console.log(
      `  ${name.padEnd(10)} ${median(rate).toFixed(0).padStart(6)} requests/s   p50 ${median(p50).toFixed(2)} ms   p99 ${median(p99).toFixed(2)} ms   one at a time p50 ${(median(single) * 1000).toFixed(0)} µs`,
    );
  }
  return figures;
}

/** What one target bears of another's requests per second, and what one request costs it more in µs; medians of the pairs. */
export function compared(one, other) {
  const share = median(one.rate.map((rate, index) => rate / other.rate[index]));
  const cost = median(one.single.map((single, index) => (single - other.single[index]) * 1000));
  return { share: share.toFixed(2), cost: cost.toFixed(0) };
}

export function median(numbers) {
  const sorted = [...numbers].sort((one, other) => one - other);
  return sorted[sorted.length >> 1];
}
