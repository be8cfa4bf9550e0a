/*
 * Many logins, long, before a small panel: npm run soak
 *
 *   npm run soak -- --rate 200 --seconds 60 --minutes 10 --mild 20 --accounts 8000 --pending 100000 --slow 500
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { orFail } from '../scripts/prepare/failure.mjs';
import { at } from '../scripts/prepare/project.mjs';
import { ensureBuilt, ensureInstalled } from '../scripts/prepare.mjs';

const defaults = {
  rate: 200,
  seconds: 60,
  minutes: 10,
  mild: 20,
  accounts: 8_000,
  pending: 100_000,
  slow: 500,
};
const options = Object.fromEntries(
  Object.entries(defaults).map(([name, value]) => [name, { type: 'string', default: String(value) }]),
);
const { values } = parseArgs({ options });
const given = Object.fromEntries(Object.entries(values).map(([name, value]) => [name, Number(value)]));

await orFail(async () => {
  await ensureInstalled();
  await ensureBuilt();
  await ensureBuilt('tests');
  const { startUpstream } = await import('../.build/test/gateway/upstream.js');
  const { startGateway } = await import('./gateway-process.mjs');
  const { diskWrites } = await import('./soak-disk.mjs');
  const { makeAccounts } = await import('./soak-accounts.mjs');
  const { Logins } = await import('./soak-logins.mjs');
  const { pendingLogins } = await import('./soak-pending.mjs');
  const { slowClients } = await import('./soak-slow.mjs');

  const folder = mkdtempSync(join(tmpdir(), 'panel-2fa-soak-'));
  const upstream = await startUpstream();
  const secrets = await makeAccounts(folder, given.accounts);
  const gateway = await startGateway(folder, `http://127.0.0.1:${upstream.port}`, {
    script: at('bench/soak-gateway.mjs'),
    more: { panel: { type: 'soak' }, loginsPerMinute: 10_000, trustedProxies: ['127.0.0.1'] },
  });
  // What the small panel remembers of each request is for tests; here it would only grow.
  const forget = setInterval(() => upstream.seen.splice(0), 1_000);
  try {
    const logins = new Logins(gateway.url, secrets);
    diskWrites(folder);
    console.log(`${given.rate} logins per second wanted, for ${given.seconds} s:`);
    const before = { gateway: gateway.cpu(), here: cpuHere() };
    const done = await logins.run(given.rate, given.seconds);
    const each = { gateway: gateway.cpu() - before.gateway, here: cpuHere() - before.here };
    console.log(`  ${done} logins, ${(done / given.seconds).toFixed(1)} per second`);
    console.log(
      `  processor time of a login: ${(each.gateway / done).toFixed(2)} ms in the gateway, ${(each.here / done).toFixed(2)} ms in the load generator and its panel; load average ${loadavg()[0].toFixed(1)}`,
    );
    report(logins, gateway);
    diskWrites(folder);

    console.log(`slow clients:`);
    // An account without a factor: what it sends goes on to the panel.
    await slowClients(gateway.url, 'plain=99999999.1', given.slow);

    console.log(`${given.mild} logins per second for ${given.minutes} minutes:`);
    const memory = [];
    for (let minute = 1; minute <= given.minutes; minute += 1) {
      const some = await logins.run(given.mild, 60);
      memory.push(gateway.megabytes());
      console.log(`  minute ${minute}: ${some} logins, ${memory.at(-1).toFixed(1)} MB resident`);
    }
    report(logins, gateway);
    if (memory.length > 2)
      console.log(`  growth from minute 2 to ${memory.length}: ${(memory.at(-1) - memory[1]).toFixed(1)} MB`);

    console.log('pending logins held:');
    await pendingLogins(given.pending);
    await logins.close();
    if (logins.wrong.length > 0) process.exitCode = 1;
  } finally {
    clearInterval(forget);
    gateway.stop();
    await upstream.close();
    rmSync(folder, { recursive: true, force: true });
  }
});

function report(logins, gateway) {
  const times = logins.times.splice(0).sort((one, other) => one - other);
  const at = (part) => times[Math.floor((times.length - 1) * part)]?.toFixed(0);
  if (times.length > 0)
    console.log(`  a login, from the password to the page: p50 ${at(0.5)} ms, p99 ${at(0.99)} ms`);
  console.log(
    `  wrong answers: ${logins.wrong.length}${logins.wrong.length ? `, as ${logins.wrong[0]}` : ''}`,
  );
  console.log(`  ${gateway.megabytes().toFixed(1)} MB resident`);
}

/** Milliseconds of processor time of this process up to now. */
function cpuHere() {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1_000;
}
