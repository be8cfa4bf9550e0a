import {
  type Account,
  type AccountKey,
  isImpersonating,
  type Requirement,
  sameAccount,
} from '../account/account.js';
import type { AccountDirectory } from '../account/directory.js';
import type { Visit, VisitAudit } from '../audit/visit.js';
import { type RemovalDeps, removeFactor, untilLater } from '../codes/removal.js';
import type { StepUp, StepUpRefusal } from '../own/step-up.js';
import { type AccountState, accountState } from './account-state.js';

export interface Overview {
  readonly rows: readonly AccountState[];
  readonly total: number;
}

export type AdminRefusal =
  | StepUpRefusal
  | { readonly kind: 'not-allowed' }
  | { readonly kind: 'unknown-account' }
  /** It is the admin's own account, and the operator requires a factor for that role. */
  | { readonly kind: 'required' }
  | { readonly kind: 'changed-meanwhile' };

export interface AdministrationDeps extends RemovalDeps {
  readonly accounts: AccountDirectory;
  readonly stepUp: StepUp;
  readonly audit: VisitAudit;
  readonly requires: Requirement;
}

/** What admins do for others: see who has a factor, and switch it off. Never on. */
export class Administration {
  readonly #deps: AdministrationDeps;

  constructor(deps: AdministrationDeps) {
    this.#deps = deps;
  }

  async overview(query: string, page: number, pageSize: number): Promise<Overview> {
    const { accounts, total } = await this.#deps.accounts.search(query, page, pageSize);
    const states = await this.#deps.factors.list(accounts);
    return { rows: accounts.map((account, index) => accountState(account, states[index])), total };
  }

  /** One account as its admin sees it. */
  async show(visit: Visit, key: AccountKey): Promise<AccountState | AdminRefusal> {
    const account = await this.#managed(visit, key);
    if ('kind' in account) return account;
    return accountState(account, await this.#deps.factors.find(account));
  }

  /** Switches the account's factor off after a step-up; sessions waiting for its code are ended by the tombstone. */
  async disable(
    visit: Visit,
    key: AccountKey,
    password: string,
    typed: string,
  ): Promise<{ readonly kind: 'disabled' } | AdminRefusal> {
    const account = await this.#managed(visit, key);
    if ('kind' in account) return account;
    const { factors, stepUp, audit, requires } = this.#deps;
    if (sameAccount(account, visit.session.actor) && requires(account)) return { kind: 'required' };
    const state = await factors.find(account);
    if (state.kind !== 'active') return { kind: 'changed-meanwhile' };
    const refusal = await stepUp.refuse(visit, password, typed);
    if (refusal) return refusal;
    const { generation } = state.factor;
    const remove = () => removeFactor(this.#deps, account, generation);
    const removed = await audit.change(visit, 'factor.disabled-by-admin', remove, { account });
    if (!removed) return { kind: 'changed-meanwhile' };
    await untilLater(this.#deps);
    return { kind: 'disabled' };
  }

  async #managed(visit: Visit, key: AccountKey): Promise<Account | AdminRefusal> {
    const { accounts } = this.#deps;
    if (isImpersonating(visit.session)) return { kind: 'impersonating' };
    const account = await accounts.find(key);
    if (!account) return { kind: 'unknown-account' };
    return (await accounts.mayManage(visit.session.actor, account)) ? account : { kind: 'not-allowed' };
  }
}
