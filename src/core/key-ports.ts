import type { AccountKey } from './account.js';
import type { KeyMaterial } from './key-ring.js';

/** As everywhere, what cannot be read or written rejects (`ports.ts`). */

/** The sealed secret of an active factor. */
export interface SealedSecret {
  readonly key: AccountKey;
  readonly generation: string;
  readonly text: string;
}

/** The secrets of all factors, for whoever changes the key they are sealed with. */
export interface SealedSecrets {
  /** How many factors there are by the id of the key their secret is sealed with. */
  countByKey(): Promise<ReadonlyMap<string, number>>;
  /** Those not sealed with key `keyId`; pages as those of `FactorStore.walk`. */
  notSealedWith(keyId: string, after: AccountKey | undefined, limit: number): Promise<SealedSecret[]>;
  /** Puts `text` in place of exactly this secret. False, and nothing changed, when the factor or its secret is another. */
  replace(secret: SealedSecret, text: string): Promise<boolean>;
}

/** When a key came and when another took its place; milliseconds since 1970, undefined when not known. */
export interface KeyTimes {
  readonly added?: number;
  readonly retired?: number;
}

/** The key ring with its history. */
export interface KeptKeys extends KeyMaterial {
  readonly times: ReadonlyMap<string, KeyTimes>;
}

/** The key ring where it is kept. Each change is there whole or not at all, also when the power fails. */
export interface KeyKeeper {
  read(): Promise<KeptKeys>;
  /** Adds a new key that is not used yet. */
  add(at: number): Promise<KeptKeys>;
  /** From now on new things are made with this key; all others are retired, as of `at` when they were not before. */
  activate(id: string, at: number): Promise<KeptKeys>;
  /** Forgets keys that are not active. */
  drop(ids: readonly string[]): Promise<KeptKeys>;
}
