import { isImpersonating, type Requirement } from '../account/account.js';
import type { Visit, VisitAudit } from '../audit/visit.js';
import type { RecoveryCodes } from '../codes/recovery-codes.js';
import { type RemovalDeps, removeFactor, untilLater } from '../codes/removal.js';
import type { OwnProofDeps } from './own-proof.js';
import { proveBoth } from './own-proof.js';
import type { SelfRefusal } from './self-refusal.js';

export type Disabled = { readonly kind: 'disabled' } | SelfRefusal;
export type Renewed = { readonly kind: 'renewed'; readonly recoveryCodes: readonly string[] } | SelfRefusal;

export interface OwnFactorDeps extends OwnProofDeps, RemovalDeps {
  readonly recoveryCodes: RecoveryCodes;
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
    const { factors, audit } = this.#deps;
    const { session } = visit;
    if (isImpersonating(session)) return { kind: 'impersonating' };
    const state = await factors.find(session.actor);
    if (state.kind !== 'active') return { kind: 'changed-meanwhile' };
    if (password !== '' && password !== confirmation) return { kind: 'passwords-differ' };
    const refusal: SelfRefusal | undefined = this.#deps.requires(session.actor)
      ? { kind: 'required' }
      : await this.#deps.password.refuse(session, password);
    if (refusal) {
      await audit.record(visit, 'factor.disable-refused', { reason: refusal.kind });
      return refusal;
    }
    const { generation } = state.factor;
    const remove = () => removeFactor(this.#deps, session.actor, generation);
    if (!(await audit.change(visit, 'factor.disabled', remove))) return { kind: 'changed-meanwhile' };
    await untilLater(this.#deps);
    return { kind: 'disabled' };
  }

  /** Gives new recovery codes after password and a code; the old ones end. */
  async renewRecoveryCodes(visit: Visit, password: string, typed: string): Promise<Renewed> {
    const { factors, audit } = this.#deps;
    const proven = await proveBoth(this.#deps, visit, password, typed);
    if (proven.kind !== 'proven') {
      await audit.record(visit, 'recovery-codes.refused', { reason: proven.kind });
      return proven;
    }
    const { key, generation, recovery } = proven.factor;
    const { codes, set } = await this.#deps.recoveryCodes.create();
    const renewed = await audit.change(visit, 'recovery-codes.renewed', () =>
      factors.renewRecoveryCodes(key, generation, recovery.salt, set),
    );
    return renewed ? { kind: 'renewed', recoveryCodes: codes } : { kind: 'changed-meanwhile' };
  }
}
