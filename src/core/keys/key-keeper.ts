import type { KeyMaterial } from './key-ring.js';

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
