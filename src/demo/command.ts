import { resolve } from 'node:path';
import type { Command } from 'commander';
import type { Role } from '../index.js';
import { command } from '../input/command-line.js';
import { DEMO_MAIL_USERS, DEMO_USERS } from './demo-accounts.js';
import { PlainLog } from './log.js';
import { type DemoOptions, startDemo } from './start.js';

/** Runs the demo until SIGINT or SIGTERM; rejects with one clear line when it cannot start. */
export function demoCommand(): Command {
  return command(
    'demo',
    'The bundled panel, for trying out two-factor authentication.',
    'panel-2fa demo --port 8081 --require admin,reseller',
  )
    .option('--port <NUMBER>', 'of 127.0.0.1', '8080')
    .option('--data <FOLDER>', 'where everything is kept', 'data')
    .option(
      '--redis <URL>',
      'keep pending logins in Redis: redis://127.0.0.1:6379/0 (or the variable REDIS_URL)',
    )
    .option('--period <30|60>', 'seconds a code of a new factor is valid', '30')
    .option('--issuer <NAME>', 'what authenticator apps show', 'Demo panel')
    .option(
      '--require <ROLES>',
      'roles that must use 2FA, separated by commas: admin, reseller, client, mailuser',
    )
    .action(run);
}

interface GivenOptions {
  readonly port: string;
  readonly data: string;
  readonly redis?: string;
  readonly period: string;
  readonly issuer: string;
  readonly require?: string;
}

async function run(given: GivenOptions): Promise<void> {
  const log = new PlainLog();
  const demo = await startDemo(optionsOf(given, log));
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.once(signal, () => void demo.close().then(() => process.exit(0)));
  }
  const accounts = [
    ...DEMO_USERS.map(({ name, password, type }) => [name, password, type]),
    ...DEMO_MAIL_USERS.map(({ email, password }) => [email, password, 'mail user']),
  ];
  const lines = accounts.map(
    ([name = '', password = '', kind]) => `  ${name.padEnd(22)}${password.padEnd(18)}${kind}`,
  );
  console.log(
    `The demo panel is at ${demo.url}\n\n${lines.join('\n')}\n\nCtrl-C stops it; the data is kept.\n`,
  );
  log.begin();
}

function optionsOf(values: GivenOptions, log: PlainLog): DemoOptions {
  if (!/^\d{1,5}$/.test(values.port) || Number(values.port) > 65_535 || Number(values.port) === 0) {
    throw new Error(`--port must be a number from 1 to 65535, not ${values.port}`);
  }
  if (values.period !== '30' && values.period !== '60') {
    throw new Error(`--period must be 30 or 60, not ${values.period}`);
  }
  const redis = values.redis ?? (process.env.REDIS_URL || undefined);
  return {
    port: Number(values.port),
    data: resolve(values.data),
    plugin: {
      log,
      period: values.period === '30' ? 30 : 60,
      issuer: values.issuer,
      ...(redis && { redis }),
      // The plugin judges it, as all its settings.
      ...(values.require && { requiredFor: values.require.split(',') as readonly Role[] }),
    },
  };
}
