import type { AccountKey, Realm } from '../../src/core/account/account.js';
import type { Factor, FactorState, NewFactor } from '../../src/core/codes/factor.js';
import type { FactorStore } from '../../src/core/codes/factor-store.js';
import type { FailureRule } from '../../src/core/codes/failure-rule.js';
import { freshId } from './short-lived.js';

/** Ten failures free, then 30 s, 60 s … 1 h; a hundred in a row at most. Stated here, not taken from the code. */
export const RULE: FailureRule = {
  codeLimit: 100,
  lockAfter(failures) {
    const seconds = [30, 60, 120, 240, 480, 960, 1_920, 3_600];
    return failures < 10 ? 0 : 1_000 * (seconds[failures - 10] ?? 3_600);
  },
};

export const NOW = 1_764_000_000_000;
export const STEP = 58_800_000;

export function freshKey(realm: Realm = 'user'): AccountKey {
  return { realm, id: freshId() };
}

export function newFactor(
  key: AccountKey,
  generation = 'first',
  changes: Partial<NewFactor> = {},
): NewFactor {
  return {
    key,
    generation,
    sealedSecret: `sealed-${generation}`,
    period: 30,
    activatedAt: NOW,
    lastStep: STEP,
    recovery: { salt: `salt-${generation}`, digests: Array.from({ length: 10 }, (_, i) => `d${i}`) },
    ...changes,
  };
}

/** An account with an active factor of generation `first`. */
export async function activated(store: FactorStore, key = freshKey()): Promise<AccountKey> {
  await store.activate(newFactor(key), undefined);
  return key;
}

/** The active factor; fails when there is none. */
export async function factorOf(store: FactorStore, key: AccountKey): Promise<Factor> {
  const state: FactorState = await store.find(key);
  if (state.kind !== 'active') {
    throw new Error(`Expected an active factor, found ${state.kind}`);
  }
  return state.factor;
}
