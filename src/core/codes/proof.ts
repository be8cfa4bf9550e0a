import type { Account } from '../account/account.js';
import type { Clock } from '../base/clock.js';
import type { Sealer } from '../keys/sealing.js';
import type { Factor } from './factor.js';
import type { FactorStore } from './factor-store.js';
import { isRecoveryCode, normaliseRecoveryCode, type RecoveryCodes } from './recovery-codes.js';
import { findStep, isCode, normaliseCode } from './totp.js';

/** Why a code was not accepted. Times are in milliseconds since 1970. */
export type CodeRefusal =
  | { readonly kind: 'missing-code' }
  | { readonly kind: 'wrong-code' }
  /** The code is right but was accepted before, or an older one than the last accepted. */
  | { readonly kind: 'used-code' }
  | { readonly kind: 'used-recovery-code' }
  /** Nothing was evaluated. */
  | { readonly kind: 'locked'; readonly until: number }
  /** Too many failures in a row: only a recovery code or an admin helps. */
  | { readonly kind: 'recovery-code-only' }
  /** The factor was changed or removed meanwhile. */
  | { readonly kind: 'gone' };

export type Proof = { readonly kind: 'proven'; readonly by: 'code' | 'recovery-code' } | CodeRefusal;

export interface ProofDeps {
  readonly factors: FactorStore;
  readonly recoveryCodes: RecoveryCodes;
  readonly sealer: Sealer;
  readonly clock: Clock;
}

/**
 * Judges a code or recovery code against a factor: the attempt is spent before anything is looked at
 * (RFC 4226 §7.3), and what is right is claimed before it counts (RFC 6238 §5.2, ASVS 6.5.1).
 */
export class FactorProof {
  readonly #deps: ProofDeps;

  constructor(deps: ProofDeps) {
    this.#deps = deps;
  }

  async judge(account: Account, factor: Factor, typed: string): Promise<Proof> {
    if (typed.trim() === '') return { kind: 'missing-code' };
    const recoveryCode = normaliseRecoveryCode(typed);
    const kind = isRecoveryCode(recoveryCode) ? 'recovery-code' : 'code';
    const { factors, sealer, clock } = this.#deps;
    // Throws for a factor whose key is lost: closed for recovery codes too, and nothing is counted.
    const secret = sealer.open('factor', account, factor.sealedSecret);
    const attempt = await factors.spendAttempt(factor.key, factor.generation, kind, clock());
    switch (attempt.kind) {
      case 'locked':
        return attempt;
      case 'exhausted':
        return { kind: 'recovery-code-only' };
      case 'gone':
        return attempt;
      case 'spent':
        return kind === 'code'
          ? this.#judgeCode(secret, factor, typed)
          : this.#judgeRecoveryCode(factor, recoveryCode);
    }
  }

  async #judgeCode(secret: Buffer, factor: Factor, typed: string): Promise<Proof> {
    const code = normaliseCode(typed);
    if (!isCode(code)) return { kind: 'wrong-code' };
    const now = this.#deps.clock();
    const step = findStep(secret, code, factor.period, now);
    if (step === undefined) return { kind: 'wrong-code' };
    const claimed = await this.#deps.factors.claimStep(factor.key, factor.generation, step, now);
    return claimed ? { kind: 'proven', by: 'code' } : { kind: 'used-code' };
  }

  async #judgeRecoveryCode(factor: Factor, code: string): Promise<Proof> {
    const index = await this.#deps.recoveryCodes.indexOf(code, factor.recovery);
    if (index === undefined) return { kind: 'wrong-code' };
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
