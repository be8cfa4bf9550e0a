import type { AccountKey } from '../../../core/account/account.js';
import type { PanelDatabase } from '../people/panel-database.js';
import type { Passwords } from '../people/passwords.js';
import type { PasswordCall } from './password-call.js';

/**
 * What becomes of the panel's machine API, which asks for passwords only: all passes, nothing passes, or nobody
 * passes with the password of an account that has a factor.
 */
export type RemotePolicy = 'allow' | 'refuse' | 'refuse-2fa-clients';

export interface ApiAccountsDeps {
  readonly database: PanelDatabase;
  readonly passwords: Passwords;
  /** Must this account not get in with its password alone? */
  needsCode(key: AccountKey): Promise<boolean>;
}

/** `unasked`: the panel refuses it before it looks at the password. */
export type LoginVerdict = 'wrong' | 'needs-code' | 'free' | 'unasked';

interface Row {
  /** Null: a client that nobody can log in as. */
  readonly id: number | null;
  readonly stored: string | null;
}

const BY_NAME = 'SELECT userid AS id, passwort AS stored FROM sys_user WHERE username = ?';
/** The panel takes the first; clients with one address are few. */
const BY_EMAIL = `SELECT u.userid AS id, c.password AS stored
  FROM client c LEFT JOIN sys_user u ON u.client_id = c.client_id WHERE c.email = ? LIMIT 8`;
const SESSION = 'SELECT 1 FROM remote_session WHERE remote_session = ?';
const OWNER = 'SELECT remote_userid AS id FROM remote_session WHERE remote_session = ? AND client_login = 1';

/** Users of the panel at its machine API, by the panel's own comparison of names and sessions. */
export class ApiAccounts {
  readonly #deps: ApiAccountsDeps;

  constructor(deps: ApiAccountsDeps) {
    this.#deps = deps;
  }

  /**
   * Looks at the password first, and takes the same time for every account and for none. Only of who has the right
   * one is it asked whether he needs a code.
   */
  async judge({ method, username, password, sessionId }: PasswordCall): Promise<LoginVerdict> {
    const { database, passwords, needsCode } = this.#deps;
    if (username === '' || password === '') return 'unasked';
    if (sessionId !== undefined && (await database.rows(SESSION, [sessionId])).length === 0) return 'unasked';
    const isByEmail = method === 'client_login_get' && username.includes('@');
    const rows = await database.rows<Row>(isByEmail ? BY_EMAIL : BY_NAME, [username]);
    const right = await passwords.among(
      rows.map(({ stored }) => stored),
      password,
    );
    const ids = rows.filter((_row, index) => right[index]).map(({ id }) => id);
    if (ids.length === 0) return 'wrong';
    const keys = ids.flatMap((id) => (id === null ? [] : [{ realm: 'user', id: String(id) } as const]));
    const needs = await Promise.all(keys.map((key) => needsCode(key)));
    return needs.includes(true) ? 'needs-code' : 'free';
  }

  /** Does this session of the API belong to a user of the panel who needs a code, and so began before he did? */
  async isOutdated(sessionId: string): Promise<boolean> {
    const { database, needsCode } = this.#deps;
    const rows = await database.rows<{ id: number }>(OWNER, [sessionId]);
    const needs = await Promise.all(rows.map(({ id }) => needsCode({ realm: 'user', id: String(id) })));
    return needs.includes(true);
  }
}
