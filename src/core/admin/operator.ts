import type { Account, Realm } from '../account/account.js';
import type { AccountRegister } from '../account/register.js';
import type { AuditAction } from '../audit/audit.js';
import type { AuditLog } from '../audit/audit-log.js';
import { changeByNobody } from '../audit/change-by-nobody.js';
import type { Clock } from '../base/clock.js';
import type { Log } from '../base/log.js';
import type { Factor } from '../codes/factor.js';
import { newRecoveryCodes } from '../codes/recovery-codes.js';
import { type RemovalDeps, removeFactor, untilLater } from '../codes/removal.js';
import { type AccountState, accountState } from './account-state.js';

const PAGE = 500;

export interface OperatorDeps extends RemovalDeps {
  readonly accounts: AccountRegister;
  readonly audit: AuditLog;
  readonly log: Log;
  readonly clock: Clock;
}

/** Whom the operator means: a name, and the realm where both have it. */
export interface NamedAccount {
  readonly name: string;
  readonly realm?: Realm | undefined;
}

export type FoundAccount =
  | { readonly kind: 'found'; readonly account: Account }
  | { readonly kind: 'unknown-account' }
  /** Both realms have an account of this name. */
  | { readonly kind: 'ambiguous' };

export type OperatorRefusal = { readonly kind: 'no-factor' | 'changed-meanwhile' };
export type OperatorOutcome = { readonly kind: 'done' } | OperatorRefusal;

/** What an operator does at the command line: look at every account, and help one. Never a factor is added. */
export class Operator {
  readonly #deps: OperatorDeps;

  constructor(deps: OperatorDeps) {
    this.#deps = deps;
  }

  /** The account with exactly this name; never a guess between two. */
  async find({ name, realm }: NamedAccount): Promise<FoundAccount> {
    const named = await this.#deps.accounts.named(name);
    const meant = named.filter((account) => realm === undefined || account.realm === realm);
    const [account] = meant;
    if (!account) return { kind: 'unknown-account' };
    return meant.length > 1 ? { kind: 'ambiguous' } : { kind: 'found', account };
  }

  async show(account: Account): Promise<AccountState> {
    return accountState(account, await this.#deps.factors.find(account));
  }

  /** Every account of the panel, in pages that are read one after the other. */
  async *walk(): AsyncGenerator<AccountState> {
    const { accounts, factors } = this.#deps;
    let after: Account | undefined;
    do {
      const page = await accounts.walk(after, PAGE);
      const states = await factors.list(page);
      for (const [index, account] of page.entries()) yield accountState(account, states[index]);
      after = page.at(-1);
    } while (after);
  }

  /** The emergency: the factor is switched off. Sessions waiting for its code end. */
  async disable(account: Account): Promise<OperatorOutcome> {
    const done = await this.#change(account, 'factor.disabled-by-operator', ({ generation }) =>
      removeFactor(this.#deps, account, generation),
    );
    if (done.kind === 'done') await untilLater(this.#deps);
    return done;
  }

  /** Forgets the wrong codes of an account, and its lock. */
  async unlock(account: Account): Promise<OperatorOutcome> {
    return this.#change(account, 'factor.unlocked-by-operator', ({ generation }) =>
      this.#deps.factors.unlock(account, generation),
    );
  }

  /** Makes new recovery codes; the old ones end. They are given once. */
  async renewRecoveryCodes(
    account: Account,
  ): Promise<{ readonly kind: 'renewed'; readonly recoveryCodes: readonly string[] } | OperatorRefusal> {
    const { codes, set } = await newRecoveryCodes();
    const done = await this.#change(
      account,
      'recovery-codes.renewed-by-operator',
      ({ generation, recovery }) =>
        this.#deps.factors.renewRecoveryCodes(account, generation, recovery.salt, set),
    );
    return done.kind === 'done' ? { kind: 'renewed', recoveryCodes: codes } : done;
  }

  async #change(
    account: Account,
    action: AuditAction,
    make: (factor: Factor) => Promise<boolean>,
  ): Promise<OperatorOutcome> {
    const state = await this.#deps.factors.find(account);
    if (state.kind !== 'active') return { kind: 'no-factor' };
    const made = await changeByNobody(this.#deps, action, account, () => make(state.factor));
    return { kind: made ? 'done' : 'changed-meanwhile' };
  }
}
