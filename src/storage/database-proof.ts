import { reasonOf } from '../connections/reason.js';
import type { FactorStore } from '../core/codes/factor-store.js';

const NOBODY = { realm: 'user', id: '' } as const;

/** Writes to our database, because one that can be read may still refuse every write (a replica, a full disk). */
export class DatabaseProof {
  readonly #factors: FactorStore;

  constructor(factors: FactorStore) {
    this.#factors = factors;
  }

  /** Rejects with one line that says why it takes no writes. Changes no row, and is refused all the same. */
  async prove(): Promise<void> {
    try {
      await this.#factors.spendAttempt(NOBODY, '', Date.now());
    } catch (error) {
      throw new Error(`Our database takes no writes: ${reasonOf((error as Error).cause ?? error)}`);
    }
  }
}
