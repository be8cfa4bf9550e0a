import type { Account, Realm } from './account.js';
import { changeByNobody } from './change-by-nobody.js';
import { newGeneration } from './generation.js';
import type { Log } from './log.js';
import type { AccountDirectory, AuditLog, Clock, FactorStore } from './ports.js';

const PAGE = 100;

export interface OperatorDeps {
  readonly accounts: AccountDirectory;
  readonly factors: FactorStore;
  readonly audit: AuditLog;
  readonly log: Log;
  readonly clock: Clock;
  readonly panelClock: () => Promise<number>;
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
  const { factors, panelClock } = deps;
  const account = await named(deps.accounts, realm, name);
  if (!account) return { kind: 'unknown-account' };
  const state = await factors.find(account);
  if (state.kind !== 'active') return { kind: 'no-factor' };
  const tombstone = { generation: newGeneration(), removedAt: await panelClock() };
  const remove = () => factors.remove(account, state.factor.generation, tombstone);
  const made = await changeByNobody(deps, 'factor.disabled-by-operator', account, remove);
  return made ? { kind: 'disabled', account } : { kind: 'changed-meanwhile' };
}

/** The account with exactly this name; a search finds also those that contain it. */
async function named(accounts: AccountDirectory, realm: Realm, name: string): Promise<Account | undefined> {
  for (let page = 1; ; page++) {
    const found = await accounts.search(name, page, PAGE);
    const account = found.accounts.find((one) => one.realm === realm && one.name === name);
    if (account || page * PAGE >= found.total) return account;
  }
}
