import { createPool, type Pool, type RowDataPacket } from 'mysql2/promise';
import type { MariaDb } from '../mariadb.js';
import { rowsOf } from './accounts.js';
import { decodeSession, type PhpArray } from './php-session.js';
import { shippedGrants, tablesOf } from './schema.js';

export interface PanelDatabaseOptions {
  /** Panels before 3.2.11 lack the columns of the built-in e-mail code; true unless said otherwise. */
  readonly otpColumns?: boolean;
  /** Newer development: a second factor of the panel's own by an app; false unless said otherwise. */
  readonly totp?: boolean;
  /** Since 3.3 a user has the day of his last password; false unless said otherwise. */
  readonly passwordDates?: boolean;
  /** The schema's name; `dbispconfig` unless said otherwise. */
  readonly name?: string;
}

export type Row = Readonly<Record<string, unknown>>;

/** A session's row as it is stored. */
export interface StoredSession {
  readonly id: string;
  readonly permanent: boolean;
  readonly text: string;
  readonly data: PhpArray;
}

/** The panel's schema, filled with {@link accounts}. */
export class PanelDatabase {
  /** The panel's own second factors; none without the `otp_…` columns of `sys_user`. */
  readonly otpKinds: readonly string[];
  /** For the gateway: user `twofa`, which may read some columns and nothing else. */
  readonly readOnlyUrl: string;
  readonly #pool: Pool;

  constructor(pool: Pool, readOnlyUrl: string, otpKinds: readonly string[]) {
    this.#pool = pool;
    this.readOnlyUrl = readOnlyUrl;
    this.otpKinds = otpKinds;
  }

  /** Runs one statement as the panel; its rows. */
  async query(sql: string, values: readonly unknown[] = []): Promise<readonly Row[]> {
    const [rows] = await this.#pool.query<RowDataPacket[]>(sql, [...values]);
    return Array.isArray(rows) ? rows : [];
  }

  async first(sql: string, values: readonly unknown[] = []): Promise<Row | undefined> {
    return (await this.query(sql, values))[0];
  }

  /** Every session, the newest last. */
  async sessions(): Promise<readonly StoredSession[]> {
    const rows = await this.query('SELECT * FROM sys_session ORDER BY date_created, session_id');
    return rows.map((row) => ({
      id: String(row.session_id),
      permanent: row.permanent === 'y',
      text: String(row.session_data),
      data: decodeSession(String(row.session_data)),
    }));
  }

  /** Everything that was written a while ago becomes older by so many seconds: failed logins, sessions. */
  async passTime(seconds: number): Promise<void> {
    await this.query('UPDATE attempts_login SET login_time = login_time - INTERVAL ? SECOND', [seconds]);
    await this.query('UPDATE sys_session SET last_updated = last_updated - INTERVAL ? SECOND', [seconds]);
    await this.query('UPDATE remote_session SET tstamp = tstamp - ?', [seconds]);
  }

  async close(): Promise<void> {
    await this.#pool.end();
  }
}

/** Creates the panel's schema in a server of the tests. */
export async function createPanelDatabase(
  server: Pick<MariaDb, 'socket' | 'execute' | 'url'>,
  { otpColumns = true, totp = false, passwordDates = false, name = 'dbispconfig' }: PanelDatabaseOptions = {},
): Promise<PanelDatabase> {
  const otpKinds = otpColumns ? ['none', 'email', ...(totp ? ['totp'] : [])] : [];
  const [, rows] = await Promise.all([
    server.execute(`DROP DATABASE IF EXISTS ${name}; CREATE DATABASE ${name} CHARACTER SET utf8;`),
    rowsOf(),
  ]);
  await server.execute(
    `USE ${name}; ${tablesOf({ otpKinds, passwordDates })} ${rows} ${shippedGrants(name, 'twofa-secret')}`,
  );
  const pool = createPool({
    socketPath: server.socket,
    user: 'root',
    database: name,
    connectionLimit: 8,
    dateStrings: true,
  });
  return new PanelDatabase(pool, server.url('twofa', 'twofa-secret', name), otpKinds);
}
