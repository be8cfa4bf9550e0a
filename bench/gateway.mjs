/*
 * nginx alone, nginx with proxy_pass, and the gateway, before the same nginx in one run: npm run bench:gateway
 *
 * All run at once and are measured in turns, so that whatever else the machine does falls on each of them.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { orFail } from '../scripts/prepare/failure.mjs';
import { ensureBuilt, ensureInstalled } from '../scripts/prepare.mjs';
import { flow } from './gateway-flow.mjs';
import { load, median, sequential } from './measure.mjs';

const ROUNDS = Number(process.env.ROUNDS ?? 4);
const SECONDS = 3;
const GIGABYTE = 2 ** 30;
const PAGES = [
  ['a static file of 20 kB', '/static/20k.css'],
  ['the login page', '/login'],
  ['a cleared page', '/cleared'],
  ['a cleared page that is edited', '/edited-page'],
];

await orFail(async () => {
  await ensureInstalled();
  await ensureBuilt();
  await ensureBuilt('tests');
  // They use parts of the tests, which are there only now.
  const { clearedBehindGateway } = await import('./gateway-login.mjs');
  const { startNginx } = await import('./gateway-nginx.mjs');
  const { startGateway } = await import('./gateway-process.mjs');
  const folder = mkdtempSync(join(tmpdir(), 'panel-2fa-bench-'));
  const nginx = await startNginx(folder);
  const gateway = await startGateway(folder, nginx.direct);
  try {
    const cookie = await clearedBehindGateway(gateway.url);
    const targets = [
      { name: 'nginx', url: nginx.direct },
      { name: 'proxy_pass', url: nginx.proxied },
      { name: 'gateway', url: gateway.url },
    ];
    for (const [title, path] of PAGES) await measure(title, path, targets, cookie);
    await memory(gateway, cookie);
  } finally {
    gateway.stop();
    nginx.stop();
    rmSync(folder, { recursive: true, force: true });
  }
});

/** Prints what each target bears under load, and what one request costs when nothing else runs. */
async function measure(title, path, targets, cookie) {
  const rounds = targets.map(() => ({ rate: [], p50: [], p99: [], single: [] }));
  for (let round = 0; round <= ROUNDS; round += 1) {
    for (const [index, { url }] of targets.entries()) {
      const target = { url: url + path, cookie };
      const under = await load(target, SECONDS);
      const single = await sequential(target, 500);
      if (round === 0) continue;
      for (const key of ['rate', 'p50', 'p99']) rounds[index][key].push(under[key]);
      rounds[index].single.push(single);
    }
  }
  console.log(`\n${title} (median of ${ROUNDS} rounds of ${SECONDS} s, 10 connections)`);
  for (const [index, { name }] of targets.entries()) {
    const { rate, p50, p99, single } = rounds[index];
    console.log(
      `  ${name.padEnd(10)} ${median(rate).toFixed(0).padStart(6)} requests/s   p50 ${median(p50).toFixed(2)} ms   p99 ${median(p99).toFixed(2)} ms   one at a time p50 ${(median(single) * 1000).toFixed(0)} µs`,
    );
  }
  const [, proxied, ours] = rounds;
  const share = median(ours.rate.map((rate, index) => rate / proxied.rate[index]));
  const cost = median(ours.single.map((single, index) => single - proxied.single[index]));
  console.log(
    `  gateway / proxy_pass: ${share.toFixed(2)}; one request costs ${(cost * 1000).toFixed(0)} µs more`,
  );
}

/** Prints how much memory the gateway takes while a gigabyte streams through, each way. */
async function memory(gateway, cookie) {
  console.log(`\nmemory of the gateway: ${gateway.megabytes().toFixed(0)} MB after the load above`);
  for (const way of ['download', 'upload']) {
    let most = 0;
    const timer = setInterval(() => {
      most = Math.max(most, gateway.megabytes());
    }, 50);
    const start = performance.now();
    await flow(gateway.url, cookie, way, GIGABYTE);
    clearInterval(timer);
    const rate = GIGABYTE / 2 ** 20 / ((performance.now() - start) / 1000);
    console.log(`  1 GB ${way.padEnd(8)} at most ${most.toFixed(0)} MB, ${rate.toFixed(0)} MB/s`);
  }
}
