import { isImpersonating } from '../account/account.js';
import { storeId } from '../account/store-id.js';
import type { Visit } from '../audit/visit.js';
import type { Clock } from '../base/clock.js';
import { generationOf } from '../codes/factor.js';
import type { FactorStore } from '../codes/factor-store.js';
import type { OwnFactor } from './own-factor.js';
import type { SelfRefusal } from './self-refusal.js';
import type { StepUpStore } from './step-up-store.js';

/** The panel may take its time with the Save that follows; what was agreed and did not come is over then. */
const AGREED_MS = 10 * 60_000;

export type Agreed = { readonly kind: 'agreed' } | SelfRefusal;

/**
 * `none`: nothing was agreed. `done`: the factor is off, and the panel's own is on. `waits`: it was agreed, and the panel
 * has not turned its own on, so the factor stays.
 */
export type Settled = 'none' | 'done' | 'waits';

export interface HandoverDeps {
  readonly ownFactor: OwnFactor;
  readonly factors: FactorStore;
  readonly stepUps: StepUpStore;
  readonly clock: Clock;
}

/**
 * From the own factor to one of the panel's, which only the panel's own form can turn on and only the panel can refuse: the
 * own one goes off when the panel says that its is on, and not before. Nobody is left with neither.
 */
export class Handover {
  readonly #deps: HandoverDeps;

  constructor(deps: HandoverDeps) {
    this.#deps = deps;
  }

  /** Takes the proofs for turning the own factor off, and leaves it on; `kind` is the panel's word for its factor. */
  async agree(visit: Visit, kind: string, password: string, confirmation: string): Promise<Agreed> {
    const { ownFactor, stepUps, clock } = this.#deps;
    const allowed = await ownFactor.mayDisable(visit, password, confirmation);
    if (allowed.kind !== 'allowed') return allowed;
    const until = clock() + AGREED_MS;
    await stepUps.grant(agreedId(visit, allowed.generation), until);
    await stepUps.grant(agreedId(visit, allowed.generation, kind), until);
    return { kind: 'agreed' };
  }

  /** Carries out what was agreed. `panelKind` asks the panel which factor of its own is on, and only when it matters. */
  async settle(visit: Visit, panelKind: () => Promise<string | undefined>): Promise<Settled> {
    const { ownFactor, factors, stepUps } = this.#deps;
    // What the panel shows then is the other one's.
    if (isImpersonating(visit.session)) return 'none';
    const generation = generationOf(await factors.find(visit.session.actor));
    if (generation === undefined || !(await stepUps.holds(agreedId(visit, generation)))) return 'none';
    const kind = await panelKind();
    if (kind === undefined || !(await stepUps.holds(agreedId(visit, generation, kind)))) return 'waits';
    const ended = await ownFactor.end(visit, generation);
    return ended.kind === 'disabled' ? 'done' : 'waits';
  }
}

/** It names the generation, so nothing is left of it for a factor that comes later. */
function agreedId({ session }: Visit, generation: string, ...kind: string[]): string {
  return storeId(session, session.actor, 'handover', generation, ...kind);
}
