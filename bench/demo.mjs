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
import { compared, inTurns } from './measure.mjs';
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

async function measure(title, targets) {
  const [without, withPlugin] = await inTurns(title, targets, { rounds: ROUNDS, seconds: SECONDS });
  const { share, cost } = compared(withPlugin, without);
  console.log(`  with / without: ${share} of the requests; the plugin costs ${cost} µs a request at p50`);
}
