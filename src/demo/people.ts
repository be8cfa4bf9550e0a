import type { DataSource } from 'typeorm';
import type { Account, AccountKey, Place } from '../index.js';
import { PanelMailUser } from './database/panel-mail-user.js';
import { PanelUser, type UserType } from './database/panel-user.js';
import { isPassword, withOwnPlace } from './passwords.js';

/** A row as the queries of this file select it. */
interface UserRow {
  readonly id: number;
  readonly name: string;
  readonly type: UserType;
  readonly resellerId: number | null;
  readonly language: string | null;
}

/** A user with what the panel knows beyond his account. */
export interface User extends Account {
  readonly resellerId: number | undefined;
}

export interface UserPage {
  readonly users: readonly PanelUser[];
  readonly total: number;
}

const USER = 'id, name, type, reseller_id AS "resellerId", language FROM panel_user';

/** The users and mail users of the panel, always read from the database. */
export class People {
  readonly #database: DataSource;

  constructor(database: DataSource) {
    this.#database = database;
  }

  /** Active users by id, with one query: it runs on each request. */
  async activeUsers(ids: readonly number[]): Promise<User[]> {
    const places = ids.map(() => '?').join(', ');
    const rows: UserRow[] = await this.#database.query(
      `SELECT ${USER} WHERE active = 1 AND id IN (${places})`,
      [...ids],
    );
    return rows.map(userOf);
  }

  async mailUser(id: number): Promise<Account | undefined> {
    const row = await this.#mailUsers.findOneBy({ id });
    return row ? mailAccount(row) : undefined;
  }

  /** Whose name and password these are; a name with an @ is a mailbox. */
  async byPassword(name: string, password: string, place: Place): Promise<Account | undefined> {
    if (name.includes('@')) {
      const row = await this.#mailUsers.findOneBy({ email: name.toLowerCase() });
      return (await isPassword(password, row?.password, place)) && row ? mailAccount(row) : undefined;
    }
    const row = await this.#users.findOneBy({ name, active: true });
    return (await isPassword(password, row?.password, place)) && row ? userOf(row) : undefined;
  }

  async verifyPassword({ realm, id }: AccountKey, password: string): Promise<boolean> {
    const found = { id: Number(id) };
    const row =
      realm === 'user'
        ? await this.#users.findOneBy({ ...found, active: true })
        : await this.#mailUsers.findOneBy(found);
    const check = (place: Place) => isPassword(password, row?.password, place);
    return (await withOwnPlace(`${realm}:${id}`, check)) && row !== null;
  }

  /** One user, active or not. */
  user(id: number): Promise<PanelUser | null> {
    return this.#users.findOneBy({ id });
  }

  clientsOf(resellerId: number): Promise<PanelUser[]> {
    return this.#users.find({ where: { resellerId, active: true }, order: { name: 'ASC' } });
  }

  async searchUsers(query: string, page: number, size: number): Promise<UserPage> {
    const [users, total] = await this.#users
      .createQueryBuilder('user')
      .where(`user.name LIKE :pattern ESCAPE '\\'`, { pattern: patternOf(query) })
      .orderBy('user.name')
      .skip((page - 1) * size)
      .take(size)
      .getManyAndCount();
    return { users, total };
  }

  async changeUser(id: number, changed: Partial<PanelUser>): Promise<void> {
    if (Object.keys(changed).length > 0) await this.#users.update({ id }, changed);
  }

  async changeMailPassword(id: number, password: string): Promise<void> {
    await this.#mailUsers.update({ id }, { password });
  }

  get #users() {
    return this.#database.getRepository(PanelUser);
  }

  get #mailUsers() {
    return this.#database.getRepository(PanelMailUser);
  }
}

/** The pattern of LIKE for names that contain a text. */
function patternOf(text: string): string {
  return `%${text.replace(/[\\%_]/g, '\\$&')}%`;
}

export function userOf({ id, name, type, resellerId, language }: UserRow): User {
  return {
    realm: 'user',
    id: String(id),
    name,
    role: type,
    resellerId: resellerId ?? undefined,
    ...(language && { language }),
  };
}

export function mailAccount(row: { id: number; email: string; language: string | null }): Account {
  const { id, email, language } = row;
  return { realm: 'mailuser', id: String(id), name: email, role: 'mailuser', ...(language && { language }) };
}

/** Where somebody starts after the login. */
export function homeOf(account: Account): string {
  return account.realm === 'mailuser' ? '/mailuser/overview' : '/';
}
