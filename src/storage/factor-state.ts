import type { AccountKey } from '../core/account/account.js';
import type { Factor, FactorState, NewFactor, Period, RecoverySet } from '../core/codes/factor.js';
import type { FactorRow } from './entities/factor-row.js';

/** A row as a driver gives it: on MariaDB and PostgreSQL big integers come as text. */
export type RawFactorRow = { [Column in keyof FactorRow]: FactorRow[Column] | string };

/** What a row says. Throws when an active factor lacks a part, for such a row must never pass as "no factor". */
export function toState(key: AccountKey, row: RawFactorRow | undefined): FactorState {
  if (row === undefined) {
    return { kind: 'none' };
  }
  const generation = required(key, row.generation);
  if (row.removedGeneration !== null) {
    const removedGeneration = String(row.removedGeneration);
    const removedAt = Number(required(key, row.removedAt));
    return { kind: 'removed', tombstone: { key, generation, removedGeneration, removedAt } };
  }
  const factor: Factor = {
    key,
    generation,
    sealedSecret: required(key, row.sealedSecret),
    period: Number(required(key, row.period)) as Period,
    activatedAt: Number(required(key, row.activatedAt)),
    lastStep: Number(required(key, row.lastStep)),
    recovery: {
      salt: required(key, row.recoverySalt),
      digests: required(key, row.recoveryDigests).split(' ').filter(Boolean),
    },
    recoveryUsed: Number(row.recoveryUsed),
    lastUsedAt: optional(row.lastUsedAt),
    failures: Number(row.failures),
    lockedUntil: optional(row.lockedUntil),
  };
  return { kind: 'active', factor };
}

/** Every column but the primary key, as an activation sets them: whatever was there before is gone. */
export function activatedColumns(factor: NewFactor): Omit<FactorRow, 'accountId'> {
  return {
    generation: factor.generation,
    removedGeneration: null,
    removedAt: null,
    sealedSecret: factor.sealedSecret,
    period: factor.period,
    activatedAt: factor.activatedAt,
    ...recoveryColumns(factor.recovery),
    lastStep: factor.lastStep,
    lastUsedAt: null,
    failures: 0,
    lockedUntil: null,
  };
}

/** A set of recovery codes of which none is used. */
export function recoveryColumns({ salt, digests }: RecoverySet) {
  return { recoverySalt: salt, recoveryDigests: digests.join(' '), recoveryUsed: 0 };
}

/** Every column but the primary key and the generations, as a removal leaves them: nothing secret stays. */
export const CLEARED_COLUMNS = {
  sealedSecret: null,
  period: null,
  activatedAt: null,
  recoverySalt: null,
  recoveryDigests: null,
  recoveryUsed: 0,
  lastStep: null,
  lastUsedAt: null,
  failures: 0,
  lockedUntil: null,
} satisfies Partial<FactorRow>;

function required(key: AccountKey, value: string | number | null): string {
  if (value === null || value === undefined) {
    throw new Error(`The factor of ${key.realm} ${key.id} is incomplete in the database`);
  }
  return String(value);
}

function optional(value: string | number | null): number | undefined {
  return value === null ? undefined : Number(value);
}
