import { Piscina } from 'piscina';
import type { Account } from '../../../core/account/account.js';
import { StoreUnavailable } from '../../../core/base/store-unavailable.js';
import type { PasswordTask } from './crypt.js';
import type { PanelDatabase } from './panel-database.js';

const LONGEST_PASSWORD = 256;
/** Checks at once, the one at work included; at about 10 ms each. */
const WAITING = 32;
/** Of them for callers of whom nothing is known, so that they never take the last ones. */
const WAITING_STRANGERS = 16;
const DEADLINE_MILLISECONDS = 10_000;
const IDLE_MILLISECONDS = 30_000;

/** Nobody's hash, of the kind and the cost that the panel makes. */
const DECOY = `$6$rounds=5000$nobody$${'.'.repeat(86)}`;

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
    return await this.#inPlace(WAITING, () =>
      this.#matches(password, row.stored as string, realm === 'user'),
    );
  }

  /**
   * Which of these stored passwords of users is it? Takes as long for none as for one, and for an old hash as for one
   * of today. Throws `StoreUnavailable` while too many passwords are being checked.
   */
  async among(stored: readonly (string | null)[], password: string): Promise<readonly boolean[]> {
    const isPossible = password !== '' && password.length <= LONGEST_PASSWORD;
    const hashes = stored.map((hash) => hash ?? DECOY);
    if (!hashes.some((hash) => /^\$[56]\$/.test(hash))) hashes.push(DECOY);
    return this.#inPlace(WAITING_STRANGERS, async () => {
      const right: boolean[] = [];
      for (const hash of hashes) right.push((await this.#matches(password, hash, true)) && isPossible);
      return right.slice(0, stored.length);
    });
  }

  async close(): Promise<void> {
    await this.#worker.destroy();
  }

  async #inPlace<Result>(places: number, act: () => Promise<Result>): Promise<Result> {
    if (this.#waiting >= places) throw new StoreUnavailable('The check of passwords');
    this.#waiting += 1;
    try {
      return await act();
    } catch (cause) {
      throw new StoreUnavailable('The check of passwords', { cause });
    } finally {
      this.#waiting -= 1;
    }
  }

  #matches(password: string, stored: string, plainMd5: boolean): Promise<boolean> {
    const task: PasswordTask = { password: password.slice(0, LONGEST_PASSWORD), stored, plainMd5 };
    return this.#worker.run(task, { signal: AbortSignal.timeout(DEADLINE_MILLISECONDS) });
  }
}
