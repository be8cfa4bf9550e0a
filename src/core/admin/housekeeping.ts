import { type AccountKey, keyText } from '../account/account.js';
import type { AccountDirectory } from '../account/directory.js';
import type { AuditLog } from '../audit/audit-log.js';
import { changeByNobody } from '../audit/change-by-nobody.js';
import type { Clock } from '../base/clock.js';
import type { Log } from '../base/log.js';
import { type RemovalDeps, removeFactor } from '../codes/removal.js';
import type { LoginLedger } from '../login/login-ledger.js';

const HOUR_MS = 3_600_000;
const LEDGER_MS = 30 * 24 * HOUR_MS;
const PAGE = 100;

export interface HousekeepingDeps extends RemovalDeps {
  readonly accounts: AccountDirectory;
  readonly ledger: LoginLedger;
  readonly audit: AuditLog;
  readonly log: Log;
  readonly clock: Clock;
}

/**
 * Forgets what nobody needs any longer. An account deleted in the panel loses its factor, so that somebody new with the
 * same id does not inherit it; but only when it is absent in two runs at least an hour apart, and never while the panel
 * knows nobody at all: its database may be in the middle of a restore.
 */
export class Housekeeping {
  readonly #deps: HousekeepingDeps;
  /** When an account was first found absent, in one row of runs. */
  #absentSince = new Map<string, number>();

  constructor(deps: HousekeepingDeps) {
    this.#deps = deps;
  }

  /** Rejects when a store or the panel cannot be read, and has removed nothing then. */
  async run(): Promise<void> {
    const { ledger, clock } = this.#deps;
    const now = clock();
    const absent = await this.absent();
    const since = (key: AccountKey) => this.#absentSince.get(keyText(key)) ?? now;
    const gone = absent.filter((key) => now - since(key) >= HOUR_MS);
    this.#absentSince = new Map(absent.map((key) => [keyText(key), since(key)]));
    await this.prune(gone);
    await ledger.prune(now - LEDGER_MS);
  }

  /** Accounts with a factor that the panel does not know now; none while it knows nobody. */
  async absent(): Promise<AccountKey[]> {
    const { accounts, factors } = this.#deps;
    const absent: AccountKey[] = [];
    if ((await accounts.search('', 1, 1)).total === 0) return absent;
    let after: AccountKey | undefined;
    do {
      const page = await factors.walk(after, PAGE);
      for (const key of page) if (!(await accounts.find(key))) absent.push(key);
      after = page.at(-1);
    } while (after);
    return absent;
  }

  /** Removes the factors of these accounts; how many there were. */
  async prune(keys: readonly AccountKey[]): Promise<number> {
    const { factors } = this.#deps;
    let pruned = 0;
    for (const key of keys) {
      const state = await factors.find(key);
      if (state.kind !== 'active') continue;
      const remove = () => removeFactor(this.#deps, key, state.factor.generation);
      if (await changeByNobody(this.#deps, 'factor.pruned', { ...key, name: '' }, remove)) pruned += 1;
    }
    return pruned;
  }
}
