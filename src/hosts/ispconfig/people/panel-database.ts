import mysql from 'mysql2/promise';
import { mysqlAddress } from '../../../connections/database-address.js';
import { mysqlOptions } from '../../../connections/mysql-options.js';
import { StoreUnavailable } from '../../../core/base/store-unavailable.js';

/** A value for a placeholder. Numbers go as text, which every integer column compares as a number. */
export type Parameter = string;

const DEADLINE_MILLISECONDS = 2_000;
const CONNECTIONS = 10;
/** Questions that wait for a connection; whoever asks them has been given his turn before. */
const WAITING = 4_096;

/**
 * The server's answers about a text with characters that the character set of a column lacks, as an emoji in the panel's
 * `utf8mb3`: MariaDB's to a comparison, MySQL's to a parameter.
 */
const UNHOLDABLE = new Set(['ER_CANT_AGGREGATE_2COLLATIONS', 'ER_IMPOSSIBLE_STRING_CONVERSION']);

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

  /** The rows of one prepared statement; none when a parameter is a text that no row could hold. */
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
      if (isUnholdable(error, parameters)) {
        connection.release();
        return [];
      }
      // After an error nobody knows what still comes on this connection.
      connection.destroy();
      throw error;
    }
  }
}

/** Between columns of its own a panel may have the same trouble, and that is a fault. */
function isUnholdable(error: unknown, parameters: readonly Parameter[]): boolean {
  const { code = '' } = error as Partial<NodeJS.ErrnoException>;
  return UNHOLDABLE.has(code) && parameters.some((text) => /\P{ASCII}/u.test(text));
}
