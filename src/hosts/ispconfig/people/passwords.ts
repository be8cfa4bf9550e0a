import { Piscina } from 'piscina';
import { type Account, keyText } from '../../../core/account/account.js';
import { Lane, type Place } from '../../../core/base/lane.js';
import { StoreUnavailable } from '../../../core/base/store-unavailable.js';
import type { PasswordTask } from './crypt.js';
import type { PanelDatabase } from './panel-database.js';

const LONGEST_PASSWORD = 256;
/** Somebody logged in; a hash takes about 10 ms. */
const PEOPLE = { atOnce: 1, places: 32, perAccount: 2, perClient: 32 };
/** Callers of whom nothing is known; of each client the gateway lets only a few logins be under way. */
const STRANGERS = { atOnce: 1, places: 64, perAccount: 64, perClient: 64 };
const DEADLINE_MILLISECONDS = 10_000;
const IDLE_MILLISECONDS = 30_000;

/** Nobody's hash, of the kind and the cost that the panel makes. */
const DECOY = `$6$rounds=5000$nobody$${'.'.repeat(86)}`;

const STORED = {
  user: 'SELECT passwort AS stored FROM sys_user WHERE userid = ?',
  mailuser: 'SELECT password AS stored FROM mail_user WHERE mailuser_id = ?',
} as const;

/**
 * Checks passwords against the panel's hashes, in one worker so that no hash holds up a request. People and strangers have a
 * lane each, which brings it one hash at a time: whoever is in waits for one hash of a stranger and never for all of them.
 */
export class Passwords {
  readonly #database: PanelDatabase;
  readonly #worker = new Piscina({
    filename: new URL('./crypt.js', import.meta.url).href,
    name: 'passwordMatches',
    minThreads: 0,
    maxThreads: 1,
    idleTimeout: IDLE_MILLISECONDS,
  });

  readonly #people = new Lane(PEOPLE);
  readonly #strangers = new Lane(STRANGERS);

  constructor(database: PanelDatabase) {
    this.#database = database;
  }

  /** False for no or more than 256 characters. Throws `StoreUnavailable` while too many passwords are being checked. */
  async verify(account: Account, password: string): Promise<boolean> {
    const { realm, id } = account;
    if (password === '' || password.length > LONGEST_PASSWORD) return false;
    const [row] = await this.#database.rows<{ stored: string | null }>(STORED[realm], [id]);
    if (!row?.stored) return false;
    const { stored } = row;
    const place = this.#people.take({ account: keyText(account) });
    return inPlace(place, () => this.#matches(password, stored, realm === 'user'));
  }

  /**
   * Which of these stored passwords of users is it? Takes as long for none as for one, and for an old hash as for one
   * of today. Throws `StoreUnavailable` while too many passwords are being checked.
   */
  async among(stored: readonly (string | null)[], password: string): Promise<readonly boolean[]> {
    const isPossible = password !== '' && password.length <= LONGEST_PASSWORD;
    const hashes = stored.map((hash) => hash ?? DECOY);
    if (!hashes.some((hash) => /^\$[56]\$/.test(hash))) hashes.push(DECOY);
    return inPlace(this.#strangers.take({}), async () => {
      const right: boolean[] = [];
      for (const hash of hashes) right.push((await this.#matches(password, hash, true)) && isPossible);
      return right.slice(0, stored.length);
    });
  }

  async close(): Promise<void> {
    await this.#worker.destroy();
  }

  #matches(password: string, stored: string, plainMd5: boolean): Promise<boolean> {
    const task: PasswordTask = { password: password.slice(0, LONGEST_PASSWORD), stored, plainMd5 };
    return this.#worker.run(task, { signal: AbortSignal.timeout(DEADLINE_MILLISECONDS) });
  }
}

async function inPlace<Result>(place: Place | undefined, act: () => Promise<Result>): Promise<Result> {
  if (!place) throw new StoreUnavailable('The check of passwords');
  try {
    return await place.run(act);
  } catch (cause) {
    throw new StoreUnavailable('The check of passwords', { cause });
  } finally {
    place.leave();
  }
}
