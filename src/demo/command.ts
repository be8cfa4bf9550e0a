import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import type { Role } from '../index.js';
import { DEMO_MAIL_USERS, DEMO_USERS } from './demo-accounts.js';
import { PlainLog } from './log.js';
import { type DemoOptions, startDemo } from './start.js';

export const DEMO_HELP = `panel-2fa demo [options]: the bundled panel, for trying out two-factor authentication

  --port NUMBER    of 127.0.0.1 (8080)
  --data FOLDER    where everything is kept (./data)
  --redis URL      keep pending logins in Redis: redis://127.0.0.1:6379/0 (or the variable REDIS_URL)
  --period 30|60   seconds a code of a new factor is valid (30)
  --issuer NAME    what authenticator apps show (Demo panel)
  --require ROLES  roles that must use 2FA, separated by commas: admin, reseller, client, mailuser`;

/** Runs the demo until SIGINT or SIGTERM; throws an Error with one clear line when it cannot start. */
export async function demoCommand(args: readonly string[]): Promise<void> {
  const log = new PlainLog();
  const demo = await startDemo(optionsOf(args, log));
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

function optionsOf(args: readonly string[], log: PlainLog): DemoOptions {
  const { values } = parseArgs({
    args: [...args],
    options: {
      port: { type: 'string', default: '8080' },
      data: { type: 'string', default: 'data' },
      redis: { type: 'string' },
      period: { type: 'string', default: '30' },
      issuer: { type: 'string', default: 'Demo panel' },
      require: { type: 'string' },
    },
  });
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
