import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { after } from 'node:test';
import { DataSource } from 'typeorm';
import { hashPassword as demoHash } from '../../src/demo/passwords.js';
import { type PanelWays, Person } from '../gateway/ispconfig/person.js';
import { behindGateway } from '../gateway/ispconfig/setup.js';
import { Demo } from '../support/demo.js';
import { admin, client1, client2, mbox, reseller1, second } from '../support/demo-people.js';
import { accounts } from '../support/ispconfig/accounts.js';
import { hashPassword as panelHash } from '../support/ispconfig/passwords.js';
import type { Reply } from '../support/panel-client.js';

/** Whom both panels have, by the same name and with the same id. */
export type Name = 'admin' | 'reseller1' | 'client1' | 'client2';

/** Mailboxes of both, with other ids here and there. */
export type Box = 'mbox' | 'second';

/** The plugin in front of a panel: the demo's, or another program behind the gateway. */
export interface Site {
  readonly name: 'demo' | 'gateway';
  readonly url: string;
  readonly port: number;
  /** Where the panel sends somebody who is not logged in. */
  readonly outside: RegExp;
  /** Its page with our slot. */
  readonly settings: string;
  /** Logout of the panel; it may want a token of its page. */
  logOut(somebody: Person): Promise<void>;
  /** Somebody with a browser of his own. */
  person(name: Name | Box): Person;
  /** Changes a password in the panel's database, as whatever way the panel has for it would. */
  changePassword(name: Name, password: string): Promise<void>;
  rename(name: Name, to: string): Promise<void>;
  setRole(name: Name, role: 'admin' | 'client'): Promise<void>;
  /** A session that the panel has opened, and no request of it came past the plugin. */
  openedElsewhere(name: Name): Promise<Person>;
  /** Ends a session as the panel does by itself. */
  expire(somebody: Person): Promise<void>;
  /** What begins from now on begins later by the panel's clock than what was. */
  later(): Promise<void>;
  /** Resolves when the process has printed it. */
  said(pattern: RegExp): Promise<unknown>;
}

export interface SiteOptions {
  readonly issuer?: string;
  /** More keys of the gateway's configuration. */
  readonly config?: Readonly<Record<string, unknown>>;
}

/** The token of the first form of ours on a page. */
export async function tokenOn(somebody: Person, path: string): Promise<string> {
  const { body } = await somebody.get(path);
  return /name="twofa_csrf" value="([^"]+)"/.exec(body)?.[1] ?? assert.fail(`no token on ${path}`);
}

/** Our page of an account, for admins. */
export function pageOf(name: Name): string {
  return `/2fa/accounts/user/${accounts[name].id}`;
}

/** As an admin's page of the account sends it when its switch is off. */
export async function switchOff(admin: Person, name: Name, fields: Record<string, string>): Promise<Reply> {
  const twofa_csrf = await tokenOn(admin, pageOf(name));
  return admin.post(pageOf(name), { twofa_csrf, twofa_shown: 'active', ...fields });
}

/** Both, started once for a whole file. */
export async function startSites(options: SiteOptions = {}): Promise<readonly [demo: Site, gateway: Site]> {
  // The processes that are waited for keep nothing going.
  const alive = setInterval(() => undefined, 1_000);
  after(() => clearInterval(alive));
  return Promise.all([demoSite(options), gatewaySite(options)]);
}

const DEMO_PEOPLE = { admin, reseller1, client1, client2, mbox, second };

const DEMO_WAYS: PanelWays = {
  login: '/login',
  home: '/',
  session: 'demo-panel',
  name: /<h1>Welcome <bdi>([^<]*)</,
};

async function demoSite({ issuer }: SiteOptions): Promise<Site> {
  const demo = await Demo.start({ args: issuer === undefined ? [] : ['--issuer', issuer] });
  const panel = new DataSource({ type: 'sqlite', database: join(demo.data, 'panel.sqlite') });
  await panel.initialize();
  after(async () => {
    await panel.destroy();
    await demo.stop();
  });
  const person = (name: Name | Box) =>
    new Person(demo.url, { ...DEMO_PEOPLE[name], id: Number(DEMO_PEOPLE[name].id) }, DEMO_WAYS);
  return {
    name: 'demo',
    url: demo.url,
    port: demo.port,
    outside: /^\/login(\?|$)/,
    settings: '/tools/user_settings',
    person,
    said: (pattern) => demo.said(pattern),
    logOut: async (somebody) => {
      const { body } = await somebody.get('/');
      await somebody.post('/logout', { csrf: /name="csrf" value="([^"]+)"/.exec(body)?.[1] ?? '' });
    },
    changePassword: async (name, password) => {
      const values = [await demoHash(password), DEMO_PEOPLE[name].id];
      await panel.query('UPDATE panel_user SET password = ? WHERE id = ?', values);
    },
    rename: async (name, to) => {
      await panel.query('UPDATE panel_user SET name = ? WHERE id = ?', [to, DEMO_PEOPLE[name].id]);
    },
    setRole: async (name, role) => {
      await panel.query('UPDATE panel_user SET type = ? WHERE id = ?', [role, DEMO_PEOPLE[name].id]);
    },
    openedElsewhere: async (name) => {
      const somebody = person(name);
      const id = randomUUID();
      const data = { realm: 'user', id: somebody.account.id, start: Date.now(), csrf: randomUUID() };
      const values = [id, `user:${somebody.account.id}`, JSON.stringify(data), Date.now() + 3_600_000];
      await panel.query(
        'INSERT INTO panel_session (id, owner, data, expires_at) VALUES (?, ?, ?, ?)',
        values,
      );
      somebody.cookies.set(DEMO_WAYS.session, id);
      return somebody;
    },
    expire: async ({ sessionId }) => {
      await panel.query('UPDATE panel_session SET expires_at = ? WHERE id = ?', [Date.now() - 1, sessionId]);
    },
    later: async () => undefined,
  };
}

async function gatewaySite({ issuer, config }: SiteOptions): Promise<Site> {
  const behind = await behindGateway({ config: { ...(issuer !== undefined && { issuer }), ...config } });
  const { gateway, database, login } = behind;
  const person = (name: Name | Box) => behind.person(accounts[name]);
  return {
    name: 'gateway',
    url: gateway.url,
    port: gateway.port,
    outside: /^\/login\/(\?|$)/,
    settings: '/tools/user_settings.php',
    person,
    said: (pattern) => gateway.said(pattern),
    logOut: async (somebody) => {
      await somebody.get('/login/logout.php');
    },
    changePassword: async (name, password) => {
      const values = [await panelHash(password), accounts[name].id];
      await database.query('UPDATE sys_user SET passwort = ? WHERE userid = ?', values);
    },
    rename: async (name, to) => {
      await database.query('UPDATE sys_user SET username = ? WHERE userid = ?', [to, accounts[name].id]);
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
    later: behind.nextSecond,
  };
}
