import { createHash } from 'node:crypto';
import type { PanelDatabase } from './database.js';

/** Failed logins of an address, in the panel and in its remote API together. */
export class Throttle {
  readonly #database: PanelDatabase;
  readonly #key: string;

  constructor(database: PanelDatabase, address: string) {
    this.#database = database;
    this.#key = createHash('md5').update(address).digest('hex');
  }

  /** More than five in the last minute: even the right password is refused. */
  async blocksPanel(): Promise<boolean> {
    return (await this.#times(1)) > 5;
  }

  /** Ten in the last five minutes. */
  async blocksApi(): Promise<boolean> {
    return (await this.#times(5)) >= 10;
  }

  /** Counts once per second at most. */
  async fail(minutes = 1): Promise<void> {
    const sql =
      (await this.#times(minutes)) > 0
        ? 'UPDATE attempts_login SET times = times + 1, login_time = NOW() WHERE ip = ? AND login_time < NOW()'
        : 'INSERT INTO attempts_login (ip, times, login_time) VALUES (?, 1, NOW())';
    await this.#database.query(sql, [this.#key]);
  }

  async forget(): Promise<void> {
    await this.#database.query('DELETE FROM attempts_login WHERE ip = ?', [this.#key]);
  }

  async #times(minutes: number): Promise<number> {
    const row = await this.#database.first(
      'SELECT MAX(times) AS times FROM attempts_login WHERE ip = ? AND login_time > NOW() - INTERVAL ? MINUTE',
      [this.#key, minutes],
    );
    return Number(row?.times ?? 0);
  }
}
