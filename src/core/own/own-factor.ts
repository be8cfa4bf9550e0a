import { isImpersonating, type Requirement } from '../account/account.js';
import { askerOf, type Visit, type VisitAudit } from '../audit/visit.js';
import type { Factor } from '../codes/factor.js';
import type { NewRecoveryCodes, RecoveryCodes } from '../codes/recovery-codes.js';
import { type RemovalDeps, removeFactor, untilLater } from '../codes/removal.js';
import type { ActLimit } from './act-limit.js';
import type { OwnProofDeps } from './own-proof.js';
import { proveBoth } from './own-proof.js';
import type { SelfRefusal } from './self-refusal.js';

export type Disabled = { readonly kind: 'disabled' } | SelfRefusal;
export type MayDisable = { readonly kind: 'allowed'; readonly generation: string } | SelfRefusal;
export type Renewed = { readonly kind: 'renewed'; readonly recoveryCodes: readonly string[] } | SelfRefusal;

export interface OwnFactorDeps extends OwnProofDeps, RemovalDeps {
  readonly recoveryCodes: RecoveryCodes;
  readonly acts: ActLimit;
  readonly audit: VisitAudit;
  readonly requires: Requirement;
}

/** What somebody does with his own active factor. */
export class OwnFactor {
  readonly #deps: OwnFactorDeps;

  constructor(deps: OwnFactorDeps) {
    this.#deps = deps;
  }

  /** Turns it off; the current password, typed twice, is enough in a cleared session. */
  async disable(visit: Visit, password: string, confirmation: string): Promise<Disabled> {
    const allowed = await this.mayDisable(visit, password, confirmation);
    return allowed.kind === 'allowed' ? this.end(visit, allowed.generation) : allowed;
  }

  /** Asks for all that turning it off takes, and leaves it on. */
  async mayDisable(visit: Visit, password: string, confirmation: string): Promise<MayDisable> {
    const { factors, audit } = this.#deps;
    const { session } = visit;
    if (isImpersonating(session)) return { kind: 'impersonating' };
    const state = await factors.find(session.actor);
    if (state.kind !== 'active') return { kind: 'changed-meanwhile' };
    if (password !== '' && password !== confirmation) return { kind: 'passwords-differ' };
    const refusal: SelfRefusal | undefined = this.#deps.requires(session.actor)
      ? { kind: 'required' }
      : await this.#deps.password.refuse(visit, password);
    if (!refusal) return { kind: 'allowed', generation: state.factor.generation };
    await audit.record(visit, 'factor.disable-refused', { reason: refusal.kind });
    return refusal;
  }

  /** Turns off the generation that {@link mayDisable} has allowed to. */
  async end(visit: Visit, generation: string): Promise<Disabled> {
    const remove = () => removeFactor(this.#deps, visit.session.actor, generation);
    if (!(await this.#deps.audit.change(visit, 'factor.disabled', remove)))
      return { kind: 'changed-meanwhile' };
    await untilLater(this.#deps);
    return { kind: 'disabled' };
  }

  /** Gives new recovery codes after password and a code; the old ones end. */
  async renewRecoveryCodes(visit: Visit, password: string, typed: string): Promise<Renewed> {
    const tooMany = await this.#deps.acts.refuse(visit, 'renew');
    if (tooMany) return this.#notRenewed(visit, tooMany);
    const place = this.#deps.recoveryCodes.placeForSet(askerOf(visit));
    if (!place) return { kind: 'busy' };
    try {
      const proven = await proveBoth(this.#deps, visit, password, typed);
      if (proven.kind !== 'proven') return await this.#notRenewed(visit, proven);
      return await this.#renew(visit, proven.factor, await place.create());
    } finally {
      place.leave();
    }
  }

  async #renew(visit: Visit, factor: Factor, { codes, set }: NewRecoveryCodes): Promise<Renewed> {
    const { factors, audit } = this.#deps;
    const { key, generation, recovery } = factor;
    const renewed = await audit.change(visit, 'recovery-codes.renewed', () =>
      factors.renewRecoveryCodes(key, generation, recovery.salt, set),
    );
    return renewed ? { kind: 'renewed', recoveryCodes: codes } : { kind: 'changed-meanwhile' };
  }

  async #notRenewed(visit: Visit, refusal: SelfRefusal): Promise<SelfRefusal> {
    await this.#deps.audit.record(visit, 'recovery-codes.refused', { reason: refusal.kind });
    return refusal;
  }
}
