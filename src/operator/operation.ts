import type { AccountRegister } from '../core/account/register.js';
import { Housekeeping } from '../core/admin/housekeeping.js';
import { Operator } from '../core/admin/operator.js';
import { errorsOnly } from '../core/base/log.js';
import type { PanelHost } from '../index.js';
import { ownManifest } from '../plugin/manifest.js';
import { readSettings, type Settings } from '../plugin/settings.js';
import { openDatabaseStores } from '../plugin/stores.js';
import { readKeyFile } from '../storage/key-file.js';

/** What an operator does at the command line, beside the running program. */
export interface Operation {
  readonly operator: Operator;
  readonly housekeeping: Pick<Housekeeping, 'absent' | 'prune'>;
  close(): Promise<void>;
}

/** Opens the database and the key file; needs neither Redis nor the data folder for itself. */
export async function openOperation(
  given: Settings,
  host: Pick<PanelHost, 'now'> & { readonly accounts: AccountRegister },
): Promise<Operation> {
  const manifest = ownManifest();
  const settings = readSettings(manifest, given);
  // Nothing is created here: a wrong path is a wrong path.
  readKeyFile(settings.keyFile);
  const stores = await openDatabaseStores(settings, manifest);
  const panelClock = () => host.now();
  const deps = { ...stores, accounts: host.accounts, clock: Date.now, panelClock, log: errorsOnly };
  return { operator: new Operator(deps), housekeeping: new Housekeeping(deps), close: stores.close };
}
