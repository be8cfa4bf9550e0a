import { spawn } from 'node:child_process';
import { openSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { freePort } from '../.build/test/support/free-port.js';
import { at } from '../scripts/prepare/project.mjs';

const PLAIN = at('.build/test/gateway/run.js');

/**
 * The gateway with the plain host of the tests, or with that of another `script`, as its command starts it, with its
 * log written to nowhere.
 */
export async function startGateway(folder, upstream, { script = PLAIN, more = {} } = {}) {
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const config = join(folder, 'gateway.json');
  const keys = { listen: `127.0.0.1:${port}`, publicUrl: url, upstream, panel: { type: 'plain' } };
  const stores = { database: `sqlite:${join(folder, 'factors.sqlite')}`, keyFile: join(folder, 'key') };
  writeFileSync(config, JSON.stringify({ ...keys, ...stores, ...more }));
  const child = spawn(process.execPath, [script, '--config', config], {
    stdio: ['ignore', openSync('/dev/null', 'w'), 'inherit'],
    env: { ...process.env, NODE_ENV: 'production' },
  });
  for (let tries = 0; !(await fetch(`${url}/2fa/health`).catch(() => undefined))?.ok; tries += 1) {
    if (tries === 100) throw new Error('The gateway did not start');
    await sleep(100);
  }
  const proc = (file) => readFileSync(`/proc/${child.pid}/${file}`, 'utf8');
  return {
    url,
    /** Resident memory now. */
    megabytes: () => Number(/VmRSS:\s+(\d+)/.exec(proc('status'))[1]) / 1024,
    /** Milliseconds of processor time up to now, of all its threads; the kernel counts in hundredths of a second. */
    cpu: () => {
      const [user, system] = proc('stat').split(') ')[1].split(' ').slice(11);
      return (Number(user) + Number(system)) * 10;
    },
    stop: () => child.kill(),
  };
}
