import { after } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import type { PanelAccount } from '../support/ispconfig/accounts.js';
import { createPanelDatabase, type PanelDatabaseOptions } from '../support/ispconfig/database.js';
import { type PanelOptions, startIspconfig } from '../support/ispconfig/panel.js';
import { type MariaDb, startMariaDb } from '../support/mariadb.js';
import { ask, type WireReply, type WireRequest } from './wire.js';

let server: Promise<MariaDb> | undefined;
const ends: (() => Promise<void>)[] = [];

after(async () => {
  for (const end of ends.toReversed()) await end();
  await (await server)?.stop();
});

/** A panel on a fresh schema, and shorthands to talk to it. */
export async function standIn(options: Omit<PanelOptions, 'database'> & PanelDatabaseOptions = {}) {
  server ??= startMariaDb();
  const { otpColumns = true, totp = false, passwordDates = false, ...rest } = options;
  const database = await createPanelDatabase(await server, {
    otpColumns,
    totp,
    passwordDates,
    name: `panel${ends.length}`,
  });
  const panel = await startIspconfig({ ...rest, database });
  ends.push(async () => {
    await panel.stop();
    await database.close();
  });
  const go = (target: string, request?: WireRequest) => ask(panel.url, target, request);
  const login = (account: Omit<PanelAccount, 'id'>, request: WireRequest = {}): Promise<WireReply> =>
    go('/login/index.php', {
      ...request,
      fields: { username: account.name, password: account.password, ...request.fields },
    });
  /** The panel's clock, which counts whole seconds, has moved on: what begins now began after what was. */
  const nextSecond = async () => {
    const second = async () => (await database.first('SELECT UNIX_TIMESTAMP() AS now'))?.now;
    const before = await second();
    while ((await second()) === before) await delay(20);
  };
  return { panel, database, go, login, nextSecond, server: await server };
}

/** The value of a hidden field of a page. */
export function hidden(body: string, name: string): string {
  return new RegExp(`name="${name}" value="([^"]*)"`).exec(body)?.[1]?.replaceAll('&#36;', '$') ?? '';
}

/** The token of a form page, as fields to send. */
export function tokenOf(body: string): Record<string, string> {
  return { _csrf_id: hidden(body, '_csrf_id'), _csrf_key: hidden(body, '_csrf_key') };
}
