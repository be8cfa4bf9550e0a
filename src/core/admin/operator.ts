import type { Account, Realm } from '../account/account.js';
import type { AccountDirectory } from '../account/directory.js';
import type { AuditLog } from '../audit/audit-log.js';
import { changeByNobody } from '../audit/change-by-nobody.js';
import type { Clock } from '../base/clock.js';
import type { Log } from '../base/log.js';
import { type RemovalDeps, removeFactor, untilLater } from '../codes/removal.js';

const PAGE = 100;

export interface OperatorDeps extends RemovalDeps {
  readonly accounts: AccountDirectory;
  readonly audit: AuditLog;
  readonly log: Log;
  readonly clock: Clock;
}

export type OperatorOutcome =
  | { readonly kind: 'disabled'; readonly account: Account }
  | { readonly kind: 'unknown-account' | 'no-factor' | 'changed-meanwhile' };

/** The emergency of the operator: a factor is switched off at the command line. Sessions waiting for its code end. */
export async function disableByOperator(
  deps: OperatorDeps,
  realm: Realm,
  name: string,
): Promise<OperatorOutcome> {
  const account = await named(deps.accounts, realm, name);
  if (!account) return { kind: 'unknown-account' };
  const state = await deps.factors.find(account);
  if (state.kind !== 'active') return { kind: 'no-factor' };
  const remove = () => removeFactor(deps, account, state.factor.generation);
  const made = await changeByNobody(deps, 'factor.disabled-by-operator', account, remove);
  if (!made) return { kind: 'changed-meanwhile' };
  await untilLater(deps);
  return { kind: 'disabled', account };
}

/** The account with exactly this name; a search finds also those that contain it. */
async function named(accounts: AccountDirectory, realm: Realm, name: string): Promise<Account | undefined> {
  for (let page = 1; ; page++) {
    const found = await accounts.search(name, page, PAGE);
    const account = found.accounts.find((one) => one.realm === realm && one.name === name);
    if (account || page * PAGE >= found.total) return account;
  }
}
