import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { after } from 'node:test';
import { hashPassword } from '../../src/demo/passwords.js';
import { type PanelWays, Person } from '../gateway/ispconfig/person.js';
import { Demo } from '../support/demo.js';
import { admin, client1, client2, mbox, reseller1, second } from '../support/demo-people.js';
import { fieldsOf } from '../support/html-forms.js';
import type { Site, SiteOptions } from './site.js';
import { openSqlite } from './sqlite.js';

const PEOPLE = { admin, reseller1, client1, client2, mbox, second };

const WAYS: PanelWays = {
  login: '/login',
  home: '/',
  session: 'demo-panel',
  name: /<h1>Welcome <bdi>([^<]*)</,
};
const HOMES = { user: '/', mailuser: '/mailuser/overview' };

/** The demo panel, which has the plugin in its own process. */
export async function demoSite({ issuer, redis }: SiteOptions): Promise<Site> {
  const options = { '--issuer': issuer, '--redis': redis };
  const args = Object.entries(options).flatMap(([name, value]) => (value === undefined ? [] : [name, value]));
  const demo = await Demo.start({ args });
  after(() => demo.stop());
  const panelSql = await openSqlite(join(demo.data, 'panel.sqlite'));
  const person: Site['person'] = (name, known) => {
    const { id, realm, ...account } = PEOPLE[name];
    const ways = { ...WAYS, home: HOMES[realm] };
    return new Person(demo.url, { ...account, id: Number(id), ...known }, ways);
  };
  return {
    name: 'demo',
    url: demo.url,
    port: demo.port,
    outside: /^\/login(\?|$)/,
    loginForm: '/login',
    settings: '/tools/user_settings',
    person,
    become: async (somebody, name) => {
      const { body } = await somebody.get('/');
      const csrf = /name="csrf" value="([^"]+)"/.exec(body)?.[1] ?? '';
      await somebody.post(`/login_as/${PEOPLE[name].id}`, { csrf });
    },
    languageForm: async (somebody, language) => {
      const path = '/tools/user_settings';
      const fields = fieldsOf((await somebody.get(path)).body, 'settings-form');
      // Says nothing of 2FA, whatever becomes of it.
      return { path, fields: { ...fields, twofa_mode: '', language } };
    },
    languageOf: async (name) =>
      (await panelSql('SELECT language FROM panel_user WHERE id = ?', [PEOPLE[name].id]))[0]?.language,
    block: async (name, blocked) => {
      await panelSql('UPDATE panel_user SET active = ? WHERE id = ?', [Number(!blocked), PEOPLE[name].id]);
    },
    logOut: async (somebody) => {
      const { body } = await somebody.get('/');
      await somebody.post('/logout', { csrf: /name="csrf" value="([^"]+)"/.exec(body)?.[1] ?? '' });
    },
    changePassword: async (name, password) => {
      const values = [await hashPassword(password), PEOPLE[name].id];
      await panelSql('UPDATE panel_user SET password = ? WHERE id = ?', values);
    },
    rename: async (name, to) => {
      await panelSql('UPDATE panel_user SET name = ? WHERE id = ?', [to, PEOPLE[name].id]);
    },
    setRole: async (name, role) => {
      await panelSql('UPDATE panel_user SET type = ? WHERE id = ?', [role, PEOPLE[name].id]);
    },
    openedElsewhere: async (name) => {
      const somebody = person(name);
      const id = randomUUID();
      const data = { realm: 'user', id: somebody.account.id, start: Date.now(), csrf: randomUUID() };
      const values = [id, `user:${somebody.account.id}`, JSON.stringify(data), Date.now() + 3_600_000];
      await panelSql('INSERT INTO panel_session (id, owner, data, expires_at) VALUES (?, ?, ?, ?)', values);
      somebody.cookies.set(WAYS.session, id);
      return somebody;
    },
    expire: async ({ sessionId }) => {
      await panelSql('UPDATE panel_session SET expires_at = ? WHERE id = ?', [Date.now() - 1, sessionId]);
    },
    later: async () => undefined,
    panelSql,
    sql: await openSqlite(join(demo.data, 'panel-2fa.sqlite')),
    said: (pattern) => demo.said(pattern),
  };
}
