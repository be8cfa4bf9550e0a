import { type Account, type AccountKey, keyText, type Realm } from '../../../core/account/account.js';
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
  /** `admin` or `user`, as the panel keeps it in a session; a mailbox is a `user` there. */
  readonly typ: string;
  /** The modules it may open. */
  readonly modules: readonly string[];
  /** The groups whose records it may see; of a mailbox its owner's. */
  readonly groups: readonly string[];
  readonly defaultGroup: string;
}

/** A row of {@link PEOPLE_COLUMNS}. */
export interface PersonRow {
  readonly realm: Realm;
  readonly id: number;
  readonly name: string;
  readonly typ: string;
  readonly active: number;
  readonly language: string | null;
  readonly modules: string;
  readonly groups: string;
  readonly defaultGroup: number;
  readonly clientId: number;
  readonly limitClient: number;
  readonly parentClientId: number;
}

/** Users, one row each; the client is missing for admins. */
export const USERS = `SELECT 'user' AS realm, u.userid AS id, u.username AS name, u.typ AS typ, u.active AS active,
  u.language AS language, u.modules AS modules, u.\`groups\` AS \`groups\`, u.default_group AS defaultGroup, u.client_id AS clientId, COALESCE(c.limit_client, 0) AS limitClient,
  COALESCE(c.parent_client_id, 0) AS parentClientId
  FROM sys_user u LEFT JOIN client c ON c.client_id = u.client_id AND u.client_id > 0`;

/** Mail users, one row each; their language is that of the user whose group owns the mailbox. */
export const MAIL_USERS = `SELECT 'mailuser' AS realm, m.mailuser_id AS id, m.email AS name, 'mailuser' AS typ, 1 AS active,
  (SELECT o.language FROM sys_user o WHERE o.default_group = m.sys_groupid ORDER BY o.userid LIMIT 1) AS language,
  'mailuser' AS modules, '' AS \`groups\`, m.sys_groupid AS defaultGroup, 0 AS clientId, 0 AS limitClient, 0 AS parentClientId FROM mail_user m`;

const ID = /^[1-9]\d{0,9}$/;

/** The live rows of the panel's people. Nothing here is kept from one request to the next. */
export class People {
  readonly #database: PanelDatabase;

  constructor(database: PanelDatabase) {
    this.#database = database;
  }

  async find(key: AccountKey): Promise<Person | undefined> {
    return (await this.findAll([key])).get(keyText(key));
  }

  /** All of them that are there, by the text of their key; one question however many they are. */
  async findAll(keys: readonly AccountKey[]): Promise<ReadonlyMap<string, Person>> {
    const ids = (realm: Realm) => [
      ...new Set(keys.filter((key) => key.realm === realm && ID.test(key.id)).map(({ id }) => id)),
    ];
    const [users, mailUsers] = [ids('user'), ids('mailuser')];
    const questions = [
      ...(users.length > 0 ? [`${USERS} WHERE u.userid IN (${marks(users)})`] : []),
      ...(mailUsers.length > 0 ? [`${MAIL_USERS} WHERE m.mailuser_id IN (${marks(mailUsers)})`] : []),
    ];
    if (questions.length === 0) return new Map();
    const rows = await this.#database.rows<PersonRow>(questions.join(' UNION ALL '), [
      ...users,
      ...mailUsers,
    ]);
    return new Map(rows.map(personOf).map((person) => [keyText(person.account), person]));
  }

  /** Those of these groups that there are. */
  async existingGroups(ids: readonly string[]): Promise<readonly string[]> {
    const known = ids.filter((id) => ID.test(id));
    if (known.length === 0) return [];
    const rows = await this.#database.rows<{ id: number }>(
      `SELECT groupid AS id FROM sys_group WHERE groupid IN (${marks(known)})`,
      known,
    );
    return rows.map(({ id }) => String(id));
  }
}

/** The parts of one of the panel's lists with commas. */
export function partsOf(list: string): readonly string[] {
  return list.split(',').filter((part) => part !== '');
}

function marks(values: readonly string[]): string {
  return values.map(() => '?').join(', ');
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
    typ: row.realm === 'mailuser' ? 'user' : row.typ,
    modules: partsOf(row.modules),
    groups: row.realm === 'mailuser' ? [String(row.defaultGroup)] : partsOf(row.groups),
    defaultGroup: String(row.defaultGroup),
  };
}

function roleOf(row: PersonRow): Account['role'] {
  if (row.realm === 'mailuser') return 'mailuser';
  if (row.typ === 'admin') return 'admin';
  return row.limitClient === 0 ? 'client' : 'reseller';
}
