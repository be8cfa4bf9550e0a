import { join } from 'node:path';
import { after } from 'node:test';
import { AS_SCRIPT, ISPCONFIG, Person } from '../gateway/ispconfig/person.js';
import { hidden, standIn, tokenOf } from '../stand-in/stand-in.js';
import { Gateway, type GatewayOptions } from '../support/gateway.js';
import { accounts } from '../support/ispconfig/accounts.js';
import { hashPassword } from '../support/ispconfig/passwords.js';
import type { MariaDb } from '../support/mariadb.js';
import { tempFolder } from '../support/temp-folder.js';
import type { Site, SiteOptions } from './site.js';
import { openSqlite } from './sqlite.js';

/** One gateway in front of the stand-in panel, or two that share their stores. */
export async function gatewaySite({ issuer, redis }: SiteOptions): Promise<Site> {
  const { panel, database, login, nextSecond, server } = await standIn({ trustRealIp: true });
  const { gateways, sql } = await startGateways(server, redis, {
    upstream: panel.url,
    panelDatabase: database.readOnlyUrl,
    config: { trustedProxies: ['127.0.0.1'], ...(issuer !== undefined && { issuer }) },
  });
  const [first] = gateways;
  const ways = { ...ISPCONFIG, publicUrl: first.url };
  let visitors = 0;
  const person: Site['person'] = (name, known) => {
    visitors += 1;
    const { url } = gateways[visitors % gateways.length] ?? first;
    const somebody = new Person(url, { ...accounts[name], ...known }, ways);
    somebody.headers['x-forwarded-for'] = `198.51.${visitors >> 8}.${visitors & 255}`;
    return somebody;
  };
  return {
    name: 'gateway',
    url: first.url,
    port: first.port,
    configFile: first.configFile,
    outside: /^\/login\/(\?|$)/,
    loginForm: '/login/index.php',
    settings: '/tools/user_settings.php',
    person,
    become: async (somebody, name) => {
      const form = (await somebody.get(`/login/login_as.php?id=${accounts[name].id}`)).body;
      const fields = {
        username: hidden(form, 'username'),
        password: hidden(form, 'password'),
        login_as: '1',
      };
      await somebody.post('/login/index.php', fields, AS_SCRIPT);
    },
    languageForm: async (somebody, language) => {
      const path = '/tools/user_settings.php';
      return { path, fields: { ...tokenOf((await somebody.get(path)).body), language } };
    },
    languageOf: async (name) =>
      (await database.first('SELECT language FROM sys_user WHERE userid = ?', [accounts[name].id]))?.language,
    block: async (name, blocked) => {
      const values = [Number(!blocked), accounts[name].id];
      await database.query('UPDATE sys_user SET active = ? WHERE userid = ?', values);
    },
    logOut: async (somebody) => {
      await somebody.get('/login/logout.php');
    },
    changePassword: async (name, password) => {
      const values = [await hashPassword(password), accounts[name].id];
      await database.query('UPDATE sys_user SET passwort = ? WHERE userid = ?', values);
    },
    rename: async (name, to) => {
      const { id } = accounts[name];
      const [row] = await database.query('SELECT username FROM sys_user WHERE userid = ?', [id]);
      await database.query('UPDATE sys_user SET username = ? WHERE userid = ?', [to, id]);
      // Whoever is in had this name when he logged in.
      const stored = (text: unknown) => `s:8:"username";s:${Buffer.byteLength(String(text))}:"${text}"`;
      const change = 'UPDATE sys_session SET session_data = REPLACE(session_data, ?, ?)';
      await database.query(change, [stored(row?.username), stored(to)]);
    },
    setRole: async (name, role) => {
      const values = [role === 'admin' ? 'admin' : 'user', accounts[name].id];
      await database.query('UPDATE sys_user SET typ = ? WHERE userid = ?', values);
    },
    openedElsewhere: async (name) => {
      const somebody = person(name);
      somebody.cookies.take((await login(accounts[name])).setCookies);
      return somebody;
    },
    expire: async ({ sessionId }) => {
      await database.query('DELETE FROM sys_session WHERE session_id = ?', [sessionId]);
    },
    later: nextSecond,
    panelSql: (statement) => database.query(statement),
    sql,
    said: (pattern) => first.said(pattern),
  };
}

type Gateways = readonly [first: Gateway, ...more: Gateway[]];

async function startGateways(
  server: MariaDb,
  redis: string | undefined,
  options: GatewayOptions,
): Promise<{ gateways: Gateways; sql: Site['sql'] }> {
  if (redis === undefined) {
    const gateway = await Gateway.start(options);
    after(() => gateway.stop());
    return { gateways: [gateway], sql: await openSqlite(join(gateway.folder, 'panel-2fa.sqlite')) };
  }
  await server.execute("CREATE DATABASE f; CREATE USER p IDENTIFIED BY 'p'; GRANT ALL ON f.* TO p");
  const stores = { redis, database: server.url('p', 'p', 'f'), keyFile: join(tempFolder(), 'key') };
  const config = { ...options.config, ...stores };
  const first = await Gateway.start({ ...options, config });
  const second = await Gateway.start({ ...options, config: { ...config, publicUrl: first.url } });
  after(() => Promise.all([first.stop(), second.stop()]));
  return { gateways: [first, second], sql: (statement) => server.execute(`USE f; ${statement}`) };
}
