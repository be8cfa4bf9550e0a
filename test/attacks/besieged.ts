import { join } from 'node:path';
import { after } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { Redis } from 'ioredis';
import { DataSource } from 'typeorm';
import { ISPCONFIG, type PanelWays, Person } from '../gateway/ispconfig/person.js';
import { standIn } from '../stand-in/stand-in.js';
import { Demo } from '../support/demo.js';
import * as people from '../support/demo-people.js';
import { Gateway } from '../support/gateway.js';
import { accounts, type PanelAccount } from '../support/ispconfig/accounts.js';
import { type RedisServer, startRedis } from '../support/redis.js';
import { tempFolder } from '../support/temp-folder.js';

type Rows = readonly Record<string, unknown>[];

/** A panel with the plugin, and all that attacks on it need to know and to see. */
export interface Besieged {
  readonly name: string;
  readonly client1: PanelAccount;
  readonly client2: PanelAccount;
  /** A user and a mail user of the same id. */
  readonly sameId: readonly [user: PanelAccount, mailUser: PanelAccount];
  /** The name of the panel's session cookie. */
  readonly session: string;
  readonly loginPath: string;
  readonly port: number;
  /** The gateway's configuration; the demo panel has none. */
  readonly config: string;
  /** Somebody at a browser, at an address and a node of his own as far as there is more than one. */
  person(account: PanelAccount): Person;
  /** The plugin's database. */
  sql(statement: string): Promise<Rows>;
  /** The panel's own. */
  panelSql(statement: string): Promise<Rows>;
  /** Names of what the plugin keeps in Redis. */
  keys(pattern: string): Promise<string[]>;
  /** Nobody has a factor, and nothing was counted or is waiting. */
  reset(): Promise<void>;
  /** Columns of a user's row. */
  factorOf(
    account: PanelAccount,
  ): Promise<{ readonly failures: number; readonly lockedUntil: number; readonly used: number }>;
}

type Parts = Omit<Besieged, 'keys' | 'reset' | 'factorOf'>;

const redis = await startRedis();
const ends: (() => Promise<unknown>)[] = [() => redis.stop()];
// Waiting for other processes keeps nothing going.
const alive = setInterval(() => undefined, 1_000);
after(async () => {
  for (const end of ends.toReversed()) await end();
  clearInterval(alive);
});

/** The demo panel on SQLite, and two gateways on MariaDB before the stand-in; all with Redis. */
export async function besieged(): Promise<readonly Besieged[]> {
  return [watched(await demo(redis), `${redis.url}/0`), watched(await gateways(redis), `${redis.url}/1`)];
}

/** Panels count whole seconds: what begins now began after what was. */
export async function nextSecond(): Promise<void> {
  const second = () => Math.floor(Date.now() / 1000);
  const before = second();
  while (second() === before) await delay(20);
}

function watched(parts: Parts, url: string): Besieged {
  const client = new Redis(url);
  ends.push(async () => client.disconnect());
  return {
    ...parts,
    keys: (pattern) => client.keys(`panel-2fa:${pattern}`),
    reset: async () => {
      for (const table of ['twofa_user_secret', 'twofa_mail_user_secret'])
        await parts.sql(`DELETE FROM ${table}`);
      await client.flushdb();
    },
    factorOf: async ({ id }) => {
      const columns = 'failures, locked_until, recovery_used';
      const [row] = await parts.sql(`SELECT ${columns} FROM twofa_user_secret WHERE account_id = '${id}'`);
      const used = Number(row?.recovery_used).toString(2).replaceAll('0', '').length;
      return { failures: Number(row?.failures), lockedUntil: Number(row?.locked_until), used };
    },
  };
}

async function demo({ url }: RedisServer): Promise<Parts> {
  const panel = await Demo.start({ args: ['--redis', `${url}/0`] });
  ends.push(() => panel.stop());
  const account = ({ id, name, password }: people.Person) => ({ id: Number(id), name, password });
  const [client1, client2, second] = [people.client1, people.client2, people.second].map(account) as [
    PanelAccount,
    PanelAccount,
    PanelAccount,
  ];
  const ways: PanelWays = {
    login: '/login',
    home: '/',
    session: 'demo-panel',
    name: /<h1>Welcome ([^<]*)</,
  };
  const boxWays = { ...ways, home: '/mailuser/overview' };
  return {
    name: 'demo',
    client1,
    client2,
    sameId: [client1, second],
    session: ways.session,
    loginPath: ways.login,
    port: panel.port,
    config: '',
    person: (somebody) => new Person(panel.url, somebody, somebody.name.includes('@') ? boxWays : ways),
    sql: await sqlite(join(panel.data, 'panel-2fa.sqlite')),
    panelSql: await sqlite(join(panel.data, 'panel.sqlite')),
  };
}

async function gateways({ url }: RedisServer): Promise<Parts> {
  const { panel, database, server } = await standIn({ trustRealIp: true });
  await server.execute("CREATE DATABASE f; CREATE USER p IDENTIFIED BY 'p'; GRANT ALL ON f.* TO p");
  const config = {
    redis: `${url}/1`,
    database: server.url('p', 'p', 'f'),
    keyFile: join(tempFolder(), 'key'),
    trustedProxies: ['127.0.0.1'],
  };
  const options = { upstream: panel.url, panelDatabase: database.readOnlyUrl };
  const first = await Gateway.start({ ...options, config });
  const second = await Gateway.start({ ...options, config: { ...config, publicUrl: first.url } });
  ends.push(() => Promise.all([first.stop(), second.stop()]));
  const ways = { ...ISPCONFIG, publicUrl: first.url };
  let visitors = 0;
  return {
    name: 'gateway',
    client1: accounts.client1,
    client2: accounts.client2,
    sameId: [accounts.reseller1, accounts.second],
    session: ways.session,
    loginPath: ways.login,
    port: first.port,
    config: first.configFile,
    person: (account) => {
      visitors += 1;
      const somebody = new Person([first.url, second.url][visitors % 2] ?? '', account, ways);
      somebody.headers['x-forwarded-for'] = `198.51.${visitors >> 8}.${visitors & 255}`;
      return somebody;
    },
    sql: (statement) => server.execute(`USE f; ${statement}`),
    panelSql: (statement) => database.query(statement),
  };
}

async function sqlite(file: string): Promise<(statement: string) => Promise<Rows>> {
  const source = await new DataSource({ type: 'sqlite', database: file, busyTimeout: 5_000 }).initialize();
  ends.push(() => source.destroy());
  return (statement) => source.query(statement);
}
