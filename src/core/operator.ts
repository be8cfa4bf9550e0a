import type { Account, Realm } from './account.js';
import { changeByNobody } from './change-by-nobody.js';
import type { Log } from './log.js';
import type { AccountDirectory, AuditLog, Clock } from './ports.js';
import { type RemovalDeps, removeFactor, untilLater } from './removal.js';

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
