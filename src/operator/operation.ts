import type { Realm } from '../core/account/account.js';
import { Housekeeping } from '../core/admin/housekeeping.js';
import { disableByOperator, type OperatorOutcome } from '../core/admin/operator.js';
import { errorsOnly } from '../core/base/log.js';
import type { AccountKey, PanelHost } from '../index.js';
import { ownManifest } from '../plugin/manifest.js';
import { readSettings, type Settings } from '../plugin/settings.js';
import { openDatabaseStores } from '../plugin/stores.js';
import { readKeyFile } from '../storage/key-file.js';

/** What an operator does at the command line, beside the running program. */
export interface Operation {
  /** Switches off the factor of the account with exactly this name. */
  disable(realm: Realm, name: string): Promise<OperatorOutcome>;
  /** Accounts with a factor that the panel does not know. */
  absent(): Promise<readonly AccountKey[]>;
  /** Removes the factors of accounts; how many there were. */
  prune(keys: readonly AccountKey[]): Promise<number>;
  close(): Promise<void>;
}

/** Opens the database and the key file; needs neither Redis nor the data folder for itself. */
export async function openOperation(
  given: Settings,
  host: Pick<PanelHost, 'accounts' | 'now'>,
): Promise<Operation> {
  const manifest = ownManifest();
  const settings = readSettings(manifest, given);
  // Nothing is created here: a wrong path is a wrong path.
  readKeyFile(settings.keyFile);
  const stores = await openDatabaseStores(settings, manifest);
  const panelClock = () => host.now();
  const deps = { ...stores, accounts: host.accounts, clock: Date.now, panelClock, log: errorsOnly };
  const housekeeping = new Housekeeping(deps);
  return {
    disable: (realm, name) => disableByOperator(deps, realm, name),
    absent: () => housekeeping.absent(),
    prune: (keys) => housekeeping.prune(keys),
    close: stores.close,
  };
}
