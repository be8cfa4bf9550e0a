import { after } from 'node:test';
import { Redis } from 'ioredis';
import type { Person } from '../gateway/ispconfig/person.js';
import { accounts } from '../support/ispconfig/accounts.js';
import { startRedis } from '../support/redis.js';
import { demoSite } from './demo-site.js';
import { gatewaySite } from './gateway-site.js';
import type { Name, Site, SiteOptions } from './site.js';

/** A site with Redis, of which all that is counted can be seen and forgotten. */
export interface CountedSite extends Site {
  /** Names of what the plugin keeps in Redis. */
  keys(pattern: string): Promise<string[]>;
  /** Nobody has a factor, and nothing was counted or is waiting. */
  reset(): Promise<void>;
  /** What was counted of a user's factor; `used` are recovery codes. */
  countsOf(
    name: Name,
  ): Promise<{ readonly failures: number; readonly lockedUntil: number; readonly used: number }>;
}

/** Both, started once for a whole file. */
export async function startSites(options: Pick<SiteOptions, 'issuer'> = {}): Promise<readonly [Site, Site]> {
  return keptAlive(() => Promise.all([demoSite(options), gatewaySite(options)]));
}

/** Both with Redis, started once for a whole file; the gateway with two nodes on MariaDB. */
export async function startCountedSites(): Promise<readonly [CountedSite, CountedSite]> {
  return keptAlive(async () => {
    const { url, stop } = await startRedis();
    const sites = await Promise.all([counted(demoSite, `${url}/0`), counted(gatewaySite, `${url}/1`)]);
    after(stop);
    return sites;
  });
}

/** Another tab of the browser of client1, with all its cookies. */
export function secondTab(site: Site, first: Person): Person {
  const tab = site.person('client1');
  for (const name of first.cookies.names) tab.cookies.set(name, first.cookies.get(name));
  return tab;
}

/** Waiting for other processes keeps nothing going. */
async function keptAlive<Result>(start: () => Promise<Result>): Promise<Result> {
  const alive = setInterval(() => undefined, 1_000);
  try {
    return await start();
  } finally {
    // After what is registered at the start.
    after(() => clearInterval(alive));
  }
}

async function counted(start: typeof demoSite, redis: string): Promise<CountedSite> {
  const site = await start({ redis });
  const client = new Redis(redis);
  after(() => client.disconnect());
  return {
    ...site,
    keys: (pattern) => client.keys(`panel-2fa:${pattern}`),
    reset: async () => {
      for (const table of ['twofa_user_secret', 'twofa_mail_user_secret'])
        await site.sql(`DELETE FROM ${table}`);
      await client.flushdb();
    },
    countsOf: async (name) => {
      const columns = 'failures, locked_until, recovery_used';
      const where = `account_id = '${accounts[name].id}'`;
      const [row] = await site.sql(`SELECT ${columns} FROM twofa_user_secret WHERE ${where}`);
      const used = Number(row?.recovery_used).toString(2).replaceAll('0', '').length;
      return { failures: Number(row?.failures), lockedUntil: Number(row?.locked_until), used };
    },
  };
}
