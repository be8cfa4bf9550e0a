import { isImpersonating } from '../account/account.js';
import { storeId } from '../account/store-id.js';
import type { Visit, VisitAudit } from '../audit/visit.js';
import type { Clock } from '../base/clock.js';
import type { FactorStore } from '../codes/factor-store.js';
import type { CodeRefusal, FactorProof } from '../codes/proof.js';
import type { OwnPassword, PasswordRefusal } from './own-password.js';
import type { StepUpStore } from './step-up-store.js';

const STEP_UP_MS = 10 * 60_000;

export type StepUpRefusal = PasswordRefusal | CodeRefusal | { readonly kind: 'impersonating' };

/** What an actor still has to show before a sensitive act. */
export interface StepUpNeeds {
  readonly password: boolean;
  readonly code: boolean;
}

export interface StepUpDeps {
  readonly factors: FactorStore;
  readonly stepUps: StepUpStore;
  readonly password: OwnPassword;
  readonly proof: FactorProof;
  readonly audit: VisitAudit;
  readonly clock: Clock;
}

/** A fresh proof by the actor: own password, and a code if he has a factor. Holds for his session for ten minutes. */
export class StepUp {
  readonly #deps: StepUpDeps;

  constructor(deps: StepUpDeps) {
    this.#deps = deps;
  }

  async needs(visit: Visit): Promise<StepUpNeeds> {
    if (await this.#deps.stepUps.holds(stepUpId(visit))) return { password: false, code: false };
    const state = await this.#deps.factors.find(visit.session.actor);
    return { password: true, code: state.kind === 'active' };
  }

  /** Undefined when the proof holds or was given now. */
  async refuse(visit: Visit, password: string, typed: string): Promise<StepUpRefusal | undefined> {
    const { stepUps, audit, clock } = this.#deps;
    if (isImpersonating(visit.session)) return { kind: 'impersonating' };
    if (await stepUps.holds(stepUpId(visit))) return undefined;
    const refusal = await this.#judge(visit, password, typed);
    if (refusal) {
      await audit.record(visit, 'step-up.refused', { reason: refusal.kind });
      return refusal;
    }
    await audit.record(visit, 'step-up.granted');
    await stepUps.grant(stepUpId(visit), clock() + STEP_UP_MS);
    return undefined;
  }

  async #judge(visit: Visit, password: string, typed: string): Promise<StepUpRefusal | undefined> {
    const { factors, proof } = this.#deps;
    const { actor } = visit.session;
    const refusal = await this.#deps.password.refuse(visit, password);
    if (refusal) return refusal;
    const state = await factors.find(actor);
    if (state.kind !== 'active') return undefined;
    const judged = await proof.judge({ account: actor, client: visit.client }, state.factor, typed);
    return judged.kind === 'proven' ? undefined : judged;
  }
}

function stepUpId(visit: Visit): string {
  return storeId(visit.session, visit.session.actor, 'step-up');
}
