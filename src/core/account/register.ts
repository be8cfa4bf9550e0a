import type { Account, AccountKey } from './account.js';
import type { AccountDirectory } from './directory.js';

/** The panel's people for its operator, who has a name, or goes through all of them. */
export interface AccountRegister extends AccountDirectory {
  /** The accounts with exactly this name: at most one in each realm. */
  named(name: string): Promise<readonly Account[]>;
  /**
   * At most `limit` accounts that come after `after`, in an order that new and deleted accounts do not shift. Repeated with
   * the last account until none comes, it visits each that is there all the time once.
   */
  walk(after: AccountKey | undefined, limit: number): Promise<readonly Account[]>;
}
