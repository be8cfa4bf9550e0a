import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after } from 'node:test';
import { freePort } from '../support/free-port.js';
import { TestProcess } from '../support/process.js';
import { inProject } from '../support/project.js';
import { tempFolder } from '../support/temp-folder.js';
import { settings } from './settings.js';

let gateway: TestProcess | undefined;
let running: Promise<string> | undefined;

after(async () => {
  await gateway?.stop();
  const complaints = gateway?.output.split('\n').filter((line) => line && !line.includes('without redis'));
  if (complaints?.length) console.error(`The gateway said:\n${complaints.join('\n')}`);
});

/** The origin of the gateway under test: one of this test file's own with an empty database, or the one given. */
export function gatewayUrl(): Promise<string> {
  running ??= settings.upstream ? start(settings.upstream) : given();
  return running;
}

async function given(): Promise<string> {
  if (!settings.url) throw new Error('Neither LIVE_URL nor LIVE_UPSTREAM is given');
  return new URL(settings.url).origin;
}

async function start(upstream: string): Promise<string> {
  const folder = tempFolder();
  const url = new URL(settings.url ?? `http://127.0.0.1:${await freePort()}`).origin;
  const overlay = settings.gateway ? JSON.parse(readFileSync(settings.gateway, 'utf8')) : {};
  const config = join(folder, 'gateway.json');
  writeFileSync(
    config,
    JSON.stringify({
      listen: new URL(url).host,
      publicUrl: url,
      upstream,
      database: `sqlite:${join(folder, 'panel-2fa.sqlite')}`,
      keyFile: join(folder, 'key'),
      issuer: 'Example Hosting',
      loginsPerMinute: 1_000,
      logLevel: 'warn',
      ...overlay,
      panel: { type: 'ispconfig', database: settings.panelDatabase, ...overlay.panel },
    }),
  );
  const cli = inProject('.build/src/cli.js');
  gateway = new TestProcess(process.execPath, ['--enable-source-maps', cli, 'gateway', '--config', config]);
  await listening(url, gateway);
  return url;
}

/** Waits for the health page: at the log level of the tests the gateway does not say that it listens. */
async function listening(url: string, gateway: TestProcess): Promise<void> {
  let ended = false;
  void gateway.exited.then(() => {
    ended = true;
  });
  for (let tries = 0; tries < 200 && !ended; tries += 1) {
    const health = await fetch(`${url}/2fa/health`).catch(() => undefined);
    if (health?.ok) return;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Error(`The gateway does not answer:\n${gateway.output}`);
}
