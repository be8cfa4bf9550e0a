import type { AccountKey } from '../account/account.js';

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
