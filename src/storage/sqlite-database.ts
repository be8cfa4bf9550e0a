import sqlite3 from 'sqlite3';

type Callback = (this: sqlite3.Statement, error: Error | null, rows: unknown[]) => void;

const MOST_TEXTS = 64;
const MOST_PER_TEXT = 32;

/**
 * A connection that keeps the statements it has read with for the next read of the same text: to prepare one is a way to
 * another thread and back, and takes longer than the look-up itself. Changes go as ever, since TypeORM writes the numbers
 * of a change into its text, so that hardly any text comes twice.
 */
export class SqliteDatabase extends sqlite3.Database {
  /** In the order of their last use. */
  readonly #idle = new Map<string, sqlite3.Statement[]>();
  #closed = false;

  /** With a list of parameters, which may be undefined, and a callback, as TypeORM calls it. */
  override all(sql: string, ...given: unknown[]): this {
    const [parameters, callback] = given as [unknown, Callback];
    const statement = this.#idle.get(sql)?.pop() ?? this.#prepare(sql, callback);
    statement.all(parameters, (error, rows) => {
      if (error) statement.finalize();
      else this.#keep(sql, statement);
      callback.call(statement, error, rows);
    });
    return this;
  }

  /** SQLite does not close a connection that has statements. */
  override close(callback?: (error: Error | null) => void): void {
    this.#closed = true;
    for (const text of this.#idle.keys()) this.#forget(text);
    super.close(callback);
  }

  #prepare(sql: string, callback: Callback): sqlite3.Statement {
    return this.prepare(sql, function (this: sqlite3.Statement, error: Error | null) {
      // What waits for a statement that cannot be prepared is never called back.
      if (error) callback.call(this, error, []);
    });
  }

  #keep(sql: string, statement: sqlite3.Statement): void {
    const same = this.#idle.get(sql) ?? [];
    if (this.#closed || same.length === MOST_PER_TEXT) {
      statement.finalize();
      return;
    }
    same.push(statement);
    this.#idle.delete(sql);
    this.#idle.set(sql, same);
    if (this.#idle.size <= MOST_TEXTS) return;
    const [oldest = sql] = this.#idle.keys();
    this.#forget(oldest);
  }

  #forget(sql: string): void {
    for (const statement of this.#idle.get(sql) ?? []) statement.finalize();
    this.#idle.delete(sql);
  }
}
