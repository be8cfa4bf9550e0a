import type { Person } from '../gateway/ispconfig/person.js';
import type { PanelAccount } from '../support/ispconfig/accounts.js';

/** Whom both panels have, by the same name and with the same id. */
export type Name = 'admin' | 'reseller1' | 'client1' | 'client2';

/** Mailboxes of both; `mbox` has the id of the admin, and `second` other ids here and there. */
export type Box = 'mbox' | 'second';

export type Rows = readonly Readonly<Record<string, unknown>>[];

/** The plugin in front of a panel: the demo's, or another program behind the gateway. */
export interface Site {
  readonly name: 'demo' | 'gateway';
  /** Its public origin. */
  readonly url: string;
  /** Of the node that its public origin leads to. */
  readonly port: number;
  /** The gateway's configuration; the demo panel has none. */
  readonly configFile?: string;
  /** Where the panel sends somebody who is not logged in. */
  readonly outside: RegExp;
  /** Where the panel's login form is sent. */
  readonly loginForm: string;
  /** The panel's page with our slot. */
  readonly settings: string;
  /** Somebody with a browser, at an address and a node of his own as far as there are several; he may know another name or password. */
  person(name: Name | Box, known?: Partial<PanelAccount>): Person;
  /** "Login as" in the panel: the session goes on as this user. */
  become(somebody: Person, name: Name): Promise<void>;
  /** What the panel's own page sends when somebody changes his language there; see `languageOf`. */
  languageForm(
    somebody: Person,
    language: string,
  ): Promise<{ readonly path: string; readonly fields: Record<string, string> }>;
  languageOf(name: Name): Promise<unknown>;
  /** Blocks a user in the panel, or no longer. */
  block(name: Name, blocked: boolean): Promise<void>;
  /** Logout of the panel; it may want a token of its page. */
  logOut(somebody: Person): Promise<void>;
  /** Changes a password in the panel's database, as whatever way the panel has for it would. */
  changePassword(name: Name, password: string): Promise<void>;
  /** The same with his name and his role. */
  rename(name: Name, to: string): Promise<void>;
  setRole(name: Name, role: 'admin' | 'client'): Promise<void>;
  /** A session that the panel has opened, and no request of it came past the plugin. */
  openedElsewhere(name: Name): Promise<Person>;
  /** Ends a session as the panel does by itself. */
  expire(somebody: Person): Promise<void>;
  /** What begins from now on begins later by the panel's clock than what was. */
  later(): Promise<void>;
  /** Runs a statement in the panel's database; its rows. */
  panelSql(statement: string): Promise<Rows>;
  /** The same in the plugin's database. */
  sql(statement: string): Promise<Rows>;
  /** Resolves when the process of the public origin has printed it. */
  said(pattern: RegExp): Promise<unknown>;
}

export interface SiteOptions {
  readonly issuer?: string;
  /** A Redis database for what passes; the gateway then has two nodes, on MariaDB. */
  readonly redis?: string;
}
