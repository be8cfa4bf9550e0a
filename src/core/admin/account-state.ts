import type { Account } from '../account/account.js';
import { type FactorState, recoveryCodesLeft } from '../codes/factor.js';

/** An account with the state of its factor, and never its secret. Times are in milliseconds since 1970. */
export interface AccountState {
  readonly account: Account;
  readonly active: boolean;
  readonly since: number | undefined;
  readonly lastUsedAt: number | undefined;
  readonly recoveryCodesLeft: number | undefined;
  /** Seconds one code is valid for. */
  readonly period: number | undefined;
  /** Wrong codes in a row. */
  readonly failures: number | undefined;
  /** Until when no code is looked at. */
  readonly lockedUntil: number | undefined;
}

const NO_FACTOR = {
  active: false,
  since: undefined,
  lastUsedAt: undefined,
  recoveryCodesLeft: undefined,
  period: undefined,
  failures: undefined,
  lockedUntil: undefined,
};

export function accountState(account: Account, state: FactorState | undefined): AccountState {
  if (state?.kind !== 'active') return { account, ...NO_FACTOR };
  const { activatedAt, lastUsedAt, period, failures, lockedUntil } = state.factor;
  return {
    account,
    active: true,
    since: activatedAt,
    lastUsedAt,
    recoveryCodesLeft: recoveryCodesLeft(state.factor),
    period,
    failures,
    lockedUntil,
  };
}
