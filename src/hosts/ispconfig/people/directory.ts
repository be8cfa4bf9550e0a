import type { Account, AccountKey } from '../../../core/account/account.js';
import { REALMS } from '../../../core/account/account.js';
import type { AccountPage } from '../../../core/account/directory.js';
import type { AccountRegister } from '../../../core/account/register.js';
import { type AccountQuery, type AccountSearch, searchAccounts } from '../../account-search.js';
import type { PanelDatabase } from './panel-database.js';
import { MAIL_USERS, type People, type PersonRow, personOf, USERS } from './people.js';

const SEARCH: AccountSearch = {
  matching: `SELECT * FROM (${USERS} WHERE u.username LIKE ? ESCAPE '!'
    UNION ALL ${MAIL_USERS} WHERE m.email LIKE ? ESCAPE '!') people ORDER BY name, realm, id`,
  count: `SELECT (SELECT COUNT(*) FROM sys_user u WHERE u.username LIKE ? ESCAPE '!')
    + (SELECT COUNT(*) FROM mail_user m WHERE m.email LIKE ? ESCAPE '!') AS total`,
};

/** Whoever comes after an id, in the order of the primary key. */
const WALK = {
  user: `${USERS} WHERE u.userid > ? ORDER BY u.userid`,
  mailuser: `${MAIL_USERS} WHERE m.mailuser_id > ? ORDER BY m.mailuser_id`,
};

/** Users and mail users of the panel, by their live rows. Blocked users are found too: their factor outlives the block. */
export class IspconfigDirectory implements AccountRegister {
  readonly #database: PanelDatabase;
  readonly #people: People;

  constructor(database: PanelDatabase, people: People) {
    this.#database = database;
    this.#people = people;
  }

  async find(key: AccountKey): Promise<Account | undefined> {
    return (await this.#people.find(key))?.account;
  }

  async search(query: string, page: number, pageSize: number): Promise<AccountPage> {
    const ask: AccountQuery = (sql, values) => this.#database.rows(sql, values);
    const { rows, total } = await searchAccounts<PersonRow>(ask, SEARCH, query, page, pageSize);
    return { accounts: rows.map((row) => personOf(row).account), total };
  }

  async named(name: string): Promise<readonly Account[]> {
    const rows = await this.#database.rows<PersonRow>(
      `${USERS} WHERE u.username = ? UNION ALL ${MAIL_USERS} WHERE m.email = ?`,
      [name, name],
    );
    // The collation of a column takes more than this spelling for the name.
    return rows.map((row) => personOf(row).account).filter((account) => account.name === name);
  }

  async walk(after: AccountKey | undefined, limit: number): Promise<readonly Account[]> {
    const found: Account[] = [];
    for (const realm of REALMS.slice(after ? REALMS.indexOf(after.realm) : 0)) {
      const from = after?.realm === realm ? after.id : '0';
      const page = `${WALK[realm]} LIMIT ${limit - found.length}`;
      const rows = await this.#database.rows<PersonRow>(page, [from]);
      found.push(...rows.map((row) => personOf(row).account));
      if (found.length >= limit) break;
    }
    return found;
  }

  /** Only an admin, by his row as it is now. */
  async mayManage(actor: Account, _account: Account): Promise<boolean> {
    const person = await this.#people.find(actor);
    return person?.active === true && person.account.role === 'admin';
  }
}
