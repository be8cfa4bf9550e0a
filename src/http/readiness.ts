import type { Clock } from '../core/base/clock.js';
import type { Log } from '../core/base/log.js';

/** Whoever asks more often is told what was found within this time: everybody may ask, and each proof writes. */
const PROOF_MILLISECONDS = 1_000;

/** Would a login work now? */
export class Readiness {
  readonly #prove: () => Promise<void>;
  readonly #clock: Clock;
  readonly #log: Log;
  #proof: { readonly at: number; readonly isReady: Promise<boolean> } | undefined;
  #wasReady = true;

  /** `prove` does what a login needs, and rejects with one line that says what is missing. */
  constructor(prove: () => Promise<void>, clock: Clock, log: Log) {
    this.#prove = prove;
    this.#clock = clock;
    this.#log = log;
  }

  /** As it was found within the last second. Why not is told in the log, once. */
  isReady(): Promise<boolean> {
    const now = this.#clock();
    if (!this.#proof || now < this.#proof.at || now >= this.#proof.at + PROOF_MILLISECONDS) {
      this.#proof = { at: now, isReady: this.#find() };
    }
    return this.#proof.isReady;
  }

  async #find(): Promise<boolean> {
    try {
      await this.#prove();
      if (!this.#wasReady) this.#log.info({}, 'panel-2fa: ready for logins again');
      this.#wasReady = true;
    } catch (error) {
      const reason = (error as Error).message;
      if (this.#wasReady) this.#log.warn({ reason }, `panel-2fa: not ready for logins: ${reason}`);
      this.#wasReady = false;
    }
    return this.#wasReady;
  }
}
