import type { Account, AccountKey } from './account.js';

/** A page of a search. */
export interface AccountPage {
  readonly accounts: readonly Account[];
  /** All that match, not only those on this page. */
  readonly total: number;
}

/** The panel's people, read live. */
export interface AccountDirectory {
  /** Undefined when the panel does not know the account (any more): its factor is forgotten an hour later. */
  find(key: AccountKey): Promise<Account | undefined>;
  /** Accounts of both realms whose name contains `query`, by name; `page` counts from 1. */
  search(query: string, page: number, pageSize: number): Promise<AccountPage>;
  /** May this actor switch off the factor of this account? */
  mayManage(actor: Account, account: Account): Promise<boolean>;
}
