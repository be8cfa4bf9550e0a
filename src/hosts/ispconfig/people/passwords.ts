import { Piscina } from 'piscina';
import type { Account } from '../../../core/account/account.js';
import { StoreUnavailable } from '../../../core/base/store-unavailable.js';
import type { PasswordTask } from './crypt.js';
import type { PanelDatabase } from './panel-database.js';

const LONGEST_PASSWORD = 256;
/** Checks at once, the one at work included; at about 10 ms each. */
const WAITING = 32;
const DEADLINE_MILLISECONDS = 10_000;
const IDLE_MILLISECONDS = 30_000;

const STORED = {
  user: 'SELECT passwort AS stored FROM sys_user WHERE userid = ?',
  mailuser: 'SELECT password AS stored FROM mail_user WHERE mailuser_id = ?',
} as const;

/** Checks passwords against the panel's hashes, in one worker so that no hash holds up a request. */
export class Passwords {
  readonly #database: PanelDatabase;
  readonly #worker = new Piscina({
    filename: new URL('./crypt.js', import.meta.url).href,
    name: 'passwordMatches',
    minThreads: 0,
    maxThreads: 1,
    idleTimeout: IDLE_MILLISECONDS,
  });

  #waiting = 0;

  constructor(database: PanelDatabase) {
    this.#database = database;
  }

  /** False for no or more than 256 characters. Throws `StoreUnavailable` while too many passwords are being checked. */
  async verify({ realm, id }: Account, password: string): Promise<boolean> {
    if (password === '' || password.length > LONGEST_PASSWORD) return false;
    const [row] = await this.#database.rows<{ stored: string | null }>(STORED[realm], [id]);
    if (!row?.stored) return false;
    const task: PasswordTask = { password, stored: row.stored, plainMd5: realm === 'user' };
    if (this.#waiting >= WAITING) throw new StoreUnavailable('The check of passwords');
    this.#waiting += 1;
    try {
      return await this.#worker.run(task, { signal: AbortSignal.timeout(DEADLINE_MILLISECONDS) });
    } catch (cause) {
      throw new StoreUnavailable('The check of passwords', { cause });
    } finally {
      this.#waiting -= 1;
    }
  }

  async close(): Promise<void> {
    await this.#worker.destroy();
  }
}
