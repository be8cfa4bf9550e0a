import type { AccountKey } from '../account/account.js';

/** Seconds one code is valid for: a choice of the operator, kept with each factor. */
export type Period = 30 | 60;

/** One set of recovery codes as it is stored. */
export interface RecoverySet {
  /** 16 random bytes in hexadecimal; also the name of the set. */
  readonly salt: string;
  /** scrypt digests in hexadecimal, in the order the codes were shown. */
  readonly digests: readonly string[];
}

/** A factor as it is activated. */
export interface NewFactor {
  readonly key: AccountKey;
  /** A random value, new at each activation and each removal; clearances name it. */
  readonly generation: string;
  /** The secret, sealed for purpose `factor` and this key. */
  readonly sealedSecret: string;
  readonly period: Period;
  /** Milliseconds of the panel's clock. */
  readonly activatedAt: number;
  /** The step used to register; neither it nor an older one is accepted again (RFC 6238 §5.2). */
  readonly lastStep: number;
  readonly recovery: RecoverySet;
}

/** A confirmed TOTP secret of an account, with the state that must survive a restart. */
export interface Factor extends NewFactor {
  /** Milliseconds since 1970, or undefined before the first use. */
  readonly lastUsedAt: number | undefined;
  /** Failures in a row. */
  readonly failures: number;
  /** Until when no code is evaluated; milliseconds since 1970, undefined when not locked. */
  readonly lockedUntil: number | undefined;
  /** Bit i is set when the recovery code with digest i was used. */
  readonly recoveryUsed: number;
}

/** What is left of a factor that was removed. */
export interface Tombstone {
  readonly key: AccountKey;
  readonly generation: string;
  /** The generation that ended. A session cleared under it may go on. */
  readonly removedGeneration: string;
  /** Milliseconds of the panel's clock. */
  readonly removedAt: number;
}

export type FactorState =
  | { readonly kind: 'none' }
  | { readonly kind: 'active'; readonly factor: Factor }
  | { readonly kind: 'removed'; readonly tombstone: Tombstone };

/** The generation a change must name, so that it fails when somebody else was first. */
export function generationOf(state: FactorState): string | undefined {
  switch (state.kind) {
    case 'none':
      return undefined;
    case 'active':
      return state.factor.generation;
    case 'removed':
      return state.tombstone.generation;
  }
}

/** How many recovery codes of a factor are still good. */
export function recoveryCodesLeft(factor: Factor): number {
  return factor.recovery.digests.filter((_, index) => (factor.recoveryUsed & (1 << index)) === 0).length;
}
