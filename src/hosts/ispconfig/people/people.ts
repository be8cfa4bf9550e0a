import type { Account, AccountKey, Realm } from '../../../core/account/account.js';
import { languageTag } from './languages.js';
import type { PanelDatabase } from './panel-database.js';

/** An account with what decides about it in the panel. */
export interface Person {
  readonly account: Account;
  /** May it log in? A mailbox always may. */
  readonly active: boolean;
  readonly clientId: string;
  /** The reseller's client this account's client belongs to, `0` for none. */
  readonly parentClientId: string;
}

/** A row of {@link PEOPLE_COLUMNS}. */
export interface PersonRow {
  readonly realm: Realm;
  readonly id: number;
  readonly name: string;
  readonly typ: string;
  readonly active: number;
  readonly language: string | null;
  readonly clientId: number;
  readonly limitClient: number;
  readonly parentClientId: number;
}

/** Users, one row each; the client is missing for admins. */
export const USERS = `SELECT 'user' AS realm, u.userid AS id, u.username AS name, u.typ AS typ, u.active AS active,
  u.language AS language, u.client_id AS clientId, COALESCE(c.limit_client, 0) AS limitClient,
  COALESCE(c.parent_client_id, 0) AS parentClientId
  FROM sys_user u LEFT JOIN client c ON c.client_id = u.client_id AND u.client_id > 0`;

/** Mail users, one row each; their language is that of the user whose group owns the mailbox. */
export const MAIL_USERS = `SELECT 'mailuser' AS realm, m.mailuser_id AS id, m.email AS name, 'mailuser' AS typ, 1 AS active,
  (SELECT o.language FROM sys_user o WHERE o.default_group = m.sys_groupid ORDER BY o.userid LIMIT 1) AS language,
  0 AS clientId, 0 AS limitClient, 0 AS parentClientId FROM mail_user m`;

/** The live rows of the panel's people. Nothing here is kept from one request to the next. */
export class People {
  readonly #database: PanelDatabase;

  constructor(database: PanelDatabase) {
    this.#database = database;
  }

  async find({ realm, id }: AccountKey): Promise<Person | undefined> {
    if (!/^[1-9]\d{0,9}$/.test(id)) return undefined;
    const where = realm === 'user' ? `${USERS} WHERE u.userid = ?` : `${MAIL_USERS} WHERE m.mailuser_id = ?`;
    const [row] = await this.#database.rows<PersonRow>(where, [id]);
    return row && personOf(row);
  }
}

export function personOf(row: PersonRow): Person {
  const language = languageTag(row.language);
  return {
    account: {
      realm: row.realm,
      id: String(row.id),
      name: row.name,
      role: roleOf(row),
      ...(language && { language }),
    },
    active: row.active === 1,
    clientId: String(row.clientId),
    parentClientId: String(row.parentClientId),
  };
}

function roleOf(row: PersonRow): Account['role'] {
  if (row.realm === 'mailuser') return 'mailuser';
  if (row.typ === 'admin') return 'admin';
  return row.limitClient === 0 ? 'client' : 'reseller';
}
