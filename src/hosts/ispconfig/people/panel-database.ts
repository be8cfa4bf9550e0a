import mysql from 'mysql2/promise';
import { mysqlAddress } from '../../../connections/database-address.js';
import { mysqlOptions } from '../../../connections/mysql-options.js';
import { StoreUnavailable } from '../../../core/base/store-unavailable.js';

/** A value for a placeholder. Numbers go as text, which every integer column compares as a number. */
export type Parameter = string;

const DEADLINE_MILLISECONDS = 2_000;
const CONNECTIONS = 10;
/** Requests that wait for a connection; more are refused at once. */
const WAITING = 200;

/**
 * The panel's own database, read only. Every failure, and every answer that takes longer than two seconds, is a
 * `StoreUnavailable`, so that the gate answers 503.
 */
export class PanelDatabase {
  readonly #pool: mysql.Pool;

  /** `url` is a `mysqlAddress`; nothing is connected before the first question. */
  constructor(url: string) {
    this.#pool = mysql.createPool({
      ...mysqlOptions(mysqlAddress(url)),
      connectionLimit: CONNECTIONS,
      queueLimit: WAITING,
      connectTimeout: DEADLINE_MILLISECONDS,
      charset: 'utf8mb4',
      supportBigNumbers: true,
    });
  }

  /** The rows of one prepared statement. */
  async rows<Row>(sql: string, parameters: readonly Parameter[]): Promise<Row[]> {
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<never>((_resolve, reject) => {
      const error = new Error(`no answer within ${DEADLINE_MILLISECONDS} ms`);
      timer = setTimeout(() => reject(error), DEADLINE_MILLISECONDS);
    });
    try {
      return await this.#ask<Row>(sql, parameters, late);
    } catch (cause) {
      throw new StoreUnavailable("The panel's database", { cause });
    } finally {
      clearTimeout(timer);
    }
  }

  async close(): Promise<void> {
    await this.#pool.end();
  }

  async #ask<Row>(sql: string, parameters: readonly Parameter[], late: Promise<never>): Promise<Row[]> {
    const connecting = this.#pool.getConnection();
    const connection = await Promise.race([connecting, late]).catch((error: unknown) => {
      connecting.then((tooLate) => tooLate.release()).catch(() => {});
      throw error;
    });
    try {
      const [rows] = await Promise.race([connection.execute(sql, [...parameters]), late]);
      connection.release();
      return rows as Row[];
    } catch (error) {
      // After an error nobody knows what still comes on this connection.
      connection.destroy();
      throw error;
    }
  }
}
