import { type Account, keyText } from '../account/account.js';
import type { Clock } from '../base/clock.js';
import type { Busy } from '../base/lane.js';
import type { Sealer } from '../keys/sealing.js';
import type { Factor } from './factor.js';
import type { FactorStore } from './factor-store.js';
import type { CheckPlace, RecoveryCodes } from './recovery-codes.js';
import { findStep } from './totp.js';
import { readTyped } from './typed-code.js';

/** Why a code was not accepted. Times are in milliseconds since 1970. */
export type CodeRefusal =
  | Busy
  | { readonly kind: 'missing-code' }
  | { readonly kind: 'wrong-code' }
  | { readonly kind: 'wrong-recovery-code' }
  /** The code is right but was accepted before, or an older one than the last accepted. */
  | { readonly kind: 'used-code' }
  | { readonly kind: 'used-recovery-code' }
  /** No code of the app is evaluated until then. */
  | { readonly kind: 'locked'; readonly until: number }
  /** Too many failures in a row: only a recovery code or an admin helps. */
  | { readonly kind: 'recovery-code-only' }
  /** The factor was changed or removed meanwhile. */
  | { readonly kind: 'gone' };

export type Proof = { readonly kind: 'proven'; readonly by: 'code' | 'recovery-code' } | CodeRefusal;

/** Whose code it is, and what counts as the client that sends it. */
export interface Prover {
  readonly account: Account;
  readonly client: string;
}

export interface ProofDeps {
  readonly factors: FactorStore;
  readonly recoveryCodes: RecoveryCodes;
  readonly sealer: Sealer;
  readonly clock: Clock;
}

/**
 * Judges a code or recovery code against a factor. A code of the app spends an attempt before anything is looked at
 * (RFC 4226 §7.3). A recovery code spends none and no lock stops it: 80 bits need no throttling (NIST SP 800-63B-4
 * §3.1.2), and whoever knows the password alone must not shut the owner out. What is right is claimed before it counts
 * (RFC 6238 §5.2, ASVS 6.5.1). A recovery code has its place in the queue first, so that "busy" costs nothing.
 */
export class FactorProof {
  readonly #deps: ProofDeps;

  constructor(deps: ProofDeps) {
    this.#deps = deps;
  }

  /**
   * `spendFirst` may spend an attempt of the caller's own, and refuse for want of one; it is asked when it is certain that
   * the code can be looked at.
   */
  async judge<Refusal = never>(
    { account, client }: Prover,
    factor: Factor,
    text: string,
    spendFirst: () => Promise<Refusal | undefined> = async () => undefined,
  ): Promise<Proof | Refusal> {
    const typed = readTyped(text);
    if (typed.kind === 'missing') return { kind: 'missing-code' };
    // Throws for a factor whose key is lost: closed for recovery codes too, and nothing is counted.
    const secret = this.#deps.sealer.open('factor', account, factor.sealedSecret);
    if (typed.kind === 'malformed-recovery-code')
      return (await spendFirst()) ?? { kind: 'wrong-recovery-code' };
    if (typed.kind !== 'recovery-code') {
      const refusal = (await spendFirst()) ?? (await this.#refuse(factor));
      if (refusal) return refusal;
      return typed.kind === 'code' ? this.#judgeCode(secret, factor, typed.code) : { kind: 'wrong-code' };
    }
    const place = this.#deps.recoveryCodes.placeToCheck({ account: keyText(account), client });
    if (!place) return { kind: 'busy' };
    try {
      return (await spendFirst()) ?? (await this.#judgeRecoveryCode(place, factor, typed.code));
    } finally {
      place.leave();
    }
  }

  /** Spends an attempt of the account; undefined when there was one. */
  async #refuse(factor: Factor): Promise<CodeRefusal | undefined> {
    const { factors, clock } = this.#deps;
    const attempt = await factors.spendAttempt(factor.key, factor.generation, clock());
    switch (attempt.kind) {
      case 'locked':
      case 'gone':
        return attempt;
      case 'exhausted':
        return { kind: 'recovery-code-only' };
      case 'spent':
        return undefined;
    }
  }

  async #judgeCode(secret: Buffer, factor: Factor, code: string): Promise<Proof> {
    const now = this.#deps.clock();
    const step = findStep(secret, code, factor.period, now);
    if (step === undefined) return { kind: 'wrong-code' };
    const claimed = await this.#deps.factors.claimStep(factor.key, factor.generation, step, now);
    return claimed ? { kind: 'proven', by: 'code' } : { kind: 'used-code' };
  }

  async #judgeRecoveryCode(place: CheckPlace, factor: Factor, code: string): Promise<Proof> {
    const index = await place.indexOf(code, factor.recovery);
    if (index === undefined) return { kind: 'wrong-recovery-code' };
    const { key, generation, recovery } = factor;
    const claimed = await this.#deps.factors.claimRecoveryCode(
      key,
      generation,
      recovery.salt,
      index,
      this.#deps.clock(),
    );
    return claimed ? { kind: 'proven', by: 'recovery-code' } : { kind: 'used-recovery-code' };
  }
}
