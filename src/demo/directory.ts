import type { DataSource } from 'typeorm';
import {
  type Account,
  type AccountDirectory,
  type AccountKey,
  type AccountPage,
  type AccountQuery,
  type AccountSearch,
  searchAccounts,
} from '../index.js';
import { mailAccount, type People, userOf } from './people.js';

interface FoundRow {
  readonly realm: 'user' | 'mailuser';
  readonly id: number;
  readonly name: string;
  readonly type: 'admin' | 'reseller' | 'client';
  readonly resellerId: number | null;
  readonly language: string | null;
}

const MATCHING = `
  FROM (
    SELECT 'user' AS realm, id, name, type, reseller_id AS "resellerId", language FROM panel_user
    UNION ALL
    SELECT 'mailuser', id, email, 'mailuser', NULL, language FROM panel_mail_user
  ) WHERE name LIKE ? ESCAPE '!'`;

const SEARCH: AccountSearch = {
  matching: `SELECT * ${MATCHING} ORDER BY name, realm`,
  count: `SELECT COUNT(*) AS total ${MATCHING}`,
};

/** The people of the panel as the plugin asks for them. */
export class Directory implements AccountDirectory {
  readonly #database: DataSource;
  readonly #people: People;

  constructor(database: DataSource, people: People) {
    this.#database = database;
    this.#people = people;
  }

  async find({ realm, id }: AccountKey): Promise<Account | undefined> {
    const number = idOf(id);
    if (number === undefined) return undefined;
    if (realm === 'mailuser') return this.#people.mailUser(number);
    const user = await this.#people.user(number);
    return user ? userOf(user) : undefined;
  }

  async search(query: string, page: number, pageSize: number): Promise<AccountPage> {
    const ask: AccountQuery = (sql, values) => this.#database.query(sql, values);
    const { rows, total } = await searchAccounts<FoundRow>(ask, SEARCH, query, page, pageSize);
    return { accounts: rows.map(accountOf), total };
  }

  /** Admins only, by their live row. */
  async mayManage(actor: Account, _account: Account): Promise<boolean> {
    if (actor.realm !== 'user') return false;
    const [live] = await this.#people.activeUsers([Number(actor.id)]);
    return live?.role === 'admin';
  }
}

/** The number of an id in its one spelling; undefined for anything else. */
export function idOf(text: string): number | undefined {
  return /^[1-9]\d{0,8}$/.test(text) ? Number(text) : undefined;
}

function accountOf(row: FoundRow): Account {
  return row.realm === 'user' ? userOf(row) : mailAccount({ ...row, email: row.name });
}
