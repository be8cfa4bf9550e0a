import { isImpersonating, type PanelSession } from '../account/account.js';
import { askerOf, type Visit } from '../audit/visit.js';
import { type FactorState, generationOf, type Period } from '../codes/factor.js';
import type { RecoveryCodes } from '../codes/recovery-codes.js';
import { newSecret } from '../codes/totp.js';
import type { ActLimit } from './act-limit.js';
import type { Enrolment } from './enrolment-store.js';
import { type OwnProofDeps, proveBoth } from './own-proof.js';
import { type Registered, type RegistrationDeps, refused, register } from './registration.js';
import type { SelfRefusal } from './self-refusal.js';

export type Begun = { readonly kind: 'begun' } | SelfRefusal;
export type Saved = { readonly kind: 'saved'; readonly generation: string } | SelfRefusal;

export interface EnrolmentDeps extends OwnProofDeps, RegistrationDeps {
  readonly recoveryCodes: RecoveryCodes;
  readonly acts: ActLimit;
  /** The panel's clock, which session starts are read from. */
  readonly panelClock: () => Promise<number>;
  /** Of new factors. */
  readonly period: Period;
}

/** Setting up one's own factor: begun → registered → saved; and moving it to a new device the same way. */
export class Enrolments {
  readonly #deps: EnrolmentDeps;

  constructor(deps: EnrolmentDeps) {
    this.#deps = deps;
  }

  /** As {@link OpenEnrolments.current}. */
  current(session: PanelSession, state: FactorState): Promise<Enrolment | undefined> {
    return this.#deps.open.current(session, state);
  }

  /** Shows a key to somebody without a factor; the same one again while it lasts. */
  async begin(visit: Visit): Promise<Begun> {
    if (isImpersonating(visit.session)) return { kind: 'impersonating' };
    const state = await this.#deps.factors.find(visit.session.actor);
    if (state.kind === 'active') return { kind: 'changed-meanwhile' };
    if (await this.current(visit.session, state)) return { kind: 'begun' };
    const tooMany = await this.#deps.acts.refuse(visit, 'begin');
    if (tooMany) return this.#refused(visit, tooMany);
    return this.#start(visit, state, false);
  }

  /** Shows a new key to somebody whose factor is active, after password and a code of the old one. */
  async beginMove(visit: Visit, password: string, typed: string): Promise<Begun> {
    const tooMany = await this.#deps.acts.refuse(visit, 'begin');
    if (tooMany) return this.#refused(visit, tooMany);
    const proven = await proveBoth(this.#deps, visit, password, typed);
    if (proven.kind !== 'proven') return this.#refused(visit, proven);
    return this.#start(visit, { kind: 'active', factor: proven.factor }, true);
  }

  /** Proves that the app has the key, and gives recovery codes, to be shown once. Nothing is active yet. */
  async register(visit: Visit, password: string, typed: string): Promise<Registered> {
    const { session } = visit;
    if (isImpersonating(session)) return { kind: 'impersonating' };
    const enrolment = await this.current(session, await this.#deps.factors.find(session.actor));
    if (!enrolment) return { kind: 'enrolment-over' };
    const tooMany = await this.#deps.acts.refuse(visit, 'register');
    if (tooMany) return this.#refused(visit, tooMany);
    const place = this.#deps.recoveryCodes.placeForSet(askerOf(visit));
    if (!place) return { kind: 'busy' };
    try {
      if (!enrolment.swap) {
        const refusal = await this.#deps.password.refuse(visit, password);
        if (refusal) return await this.#refused(visit, refusal);
      }
      return await register(this.#deps, visit, enrolment, place, typed);
    } finally {
      place.leave();
    }
  }

  /** Makes what was registered the active factor. The second of two Saves finds it done and says the same. */
  async save(visit: Visit): Promise<Saved> {
    const { session } = visit;
    if (isImpersonating(session)) return { kind: 'impersonating' };
    const { factors, open, sealer, audit } = this.#deps;
    const enrolment = await open.find(session);
    if (!enrolment) return { kind: 'enrolment-over' };
    if (!enrolment.registration) return { kind: 'not-registered' };
    const { generation, step, recovery } = enrolment.registration;
    const factor = {
      key: { realm: session.actor.realm, id: session.actor.id },
      generation,
      sealedSecret: sealer.seal('factor', session.actor, open.secretOf(session, enrolment)),
      period: enrolment.period,
      activatedAt: await this.#deps.panelClock(),
      lastStep: step,
      recovery,
    };
    const action = enrolment.swap ? 'factor.replaced' : 'factor.activated';
    const activated = await audit.change(visit, action, () => factors.activate(factor, enrolment.replaces));
    const done = activated || generationOf(await factors.find(session.actor)) === generation;
    await open.close(session);
    if (!done) return this.#refused(visit, { kind: 'changed-meanwhile' });
    return { kind: 'saved', generation };
  }

  /** Forgets the key that is being set up; an active factor stays as it is. */
  async abandon(session: PanelSession): Promise<void> {
    await this.#deps.open.close(session);
  }

  async #start(visit: Visit, state: FactorState, swap: boolean): Promise<Begun> {
    await this.#deps.open.start(visit, state, { secret: newSecret(), period: this.#deps.period, swap });
    return { kind: 'begun' };
  }

  #refused<R extends SelfRefusal>(visit: Visit, refusal: R): Promise<R> {
    return refused(this.#deps, visit, refusal);
  }
}
