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
import { compared, inTurns } from './measure.mjs';

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

async function measure(title, path, targets, cookie) {
  const pages = targets.map(({ name, url }) => ({ name, url: url + path, cookie }));
  const [, proxied, ours] = await inTurns(title, pages, { rounds: ROUNDS, seconds: SECONDS });
  const { share, cost } = compared(ours, proxied);
  console.log(`  gateway / proxy_pass: ${share}; one request costs ${cost} µs more`);
}

/** Prints how much memory the gateway takes while a gigabyte streams through, each way. */
async function memory(gateway, cookie) {
  const { flow } = await import('../.build/test/gateway/flow.js');
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
