/*
 * The bundled panel with and without the plugin, side by side in one run: npm run bench
 *
 * Both panels run at once, each in a process of its own, and are measured in turns, so that whatever else the
 * machine does falls on both.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { orFail } from '../scripts/prepare/failure.mjs';
import { ensureBuilt, ensureInstalled } from '../scripts/prepare.mjs';
import { cleared, loggedIn } from './demo-login.mjs';
import { load, median, sequential } from './measure.mjs';
import { startPanel } from './panel-process.mjs';

const ROUNDS = 6;
const SECONDS = 4;
const PAGE = '/tools/user_settings';

await orFail(async () => {
  await ensureInstalled();
  await ensureBuilt();
  const folder = mkdtempSync(join(tmpdir(), 'panel-2fa-bench-'));
  const panels = await Promise.all(
    ['without', 'with'].map((plugin) => startPanel(plugin, join(folder, plugin))),
  );
  try {
    const [without, withPlugin] = panels;
    const targets = [
      { name: 'without', url: without.url + PAGE, cookie: await loggedIn(without.url) },
      { name: 'with', url: withPlugin.url + PAGE, cookie: await cleared(withPlugin.url) },
    ];
    const home = targets.map((target) => ({ ...target, url: new URL('/', target.url).href }));
    await measure('the start page, cleared', home);
    await measure('the settings page with its slot, cleared', targets);
  } finally {
    for (const panel of panels) panel.stop();
    rmSync(folder, { recursive: true, force: true });
  }
});

/** Prints what each target bears under load, and what one request costs when nothing else runs. */
async function measure(title, targets) {
  const rounds = targets.map(() => ({ rate: [], p50: [], p99: [], single: [] }));
  for (let round = 0; round <= ROUNDS; round += 1) {
    for (const [index, target] of targets.entries()) {
      const under = await load(target, SECONDS);
      const single = await sequential(target, 500);
      if (round === 0) continue;
      rounds[index].rate.push(under.rate);
      rounds[index].p50.push(under.p50);
      rounds[index].p99.push(under.p99);
      rounds[index].single.push(single);
    }
  }
  console.log(`\n${title} (median of ${ROUNDS} rounds of ${SECONDS} s, 10 connections)`);
  for (const [index, { name }] of targets.entries()) {
    const { rate, p50, p99, single } = rounds[index];
    console.log(
      `  ${name.padEnd(8)} ${median(rate).toFixed(0).padStart(6)} requests/s   p50 ${median(p50).toFixed(2)} ms   p99 ${median(p99).toFixed(2)} ms   one at a time p50 ${(median(single) * 1000).toFixed(0)} µs`,
    );
  }
  const [without, withPlugin] = rounds;
  const pairs = withPlugin.rate.map((rate, index) => rate / without.rate[index]);
  const cost = withPlugin.single.map((single, index) => (single - without.single[index]) * 1000);
  console.log(
    `  with / without: ${median(pairs).toFixed(2)} of the requests; the plugin costs ${median(cost).toFixed(0)} µs a request at p50`,
  );
}
