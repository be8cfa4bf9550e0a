import { isImpersonating, type PanelSession } from '../account/account.js';
import { storeId } from '../account/store-id.js';
import { askerOf, type Visit, type VisitAudit } from '../audit/visit.js';
import type { Clock } from '../base/clock.js';
import { type FactorState, generationOf, type Period } from '../codes/factor.js';
import { newGeneration } from '../codes/generation.js';
import type { RecoveryCodes, SetPlace } from '../codes/recovery-codes.js';
import { findStep, newSecret } from '../codes/totp.js';
import { readTyped } from '../codes/typed-code.js';
import type { Sealer } from '../keys/sealing.js';
import type { ActLimit } from './act-limit.js';
import type { Enrolment, EnrolmentStore } from './enrolment-store.js';
import { type OwnProofDeps, proveBoth } from './own-proof.js';
import type { SelfRefusal } from './self-refusal.js';

/** An enrolment that is not saved by then is over. */
export const ENROLMENT_MS = 15 * 60_000;

export type Begun = { readonly kind: 'begun' } | SelfRefusal;
export type Registered =
  | {
      readonly kind: 'registered';
      readonly recoveryCodes: readonly string[];
      /** The generation the factor has once it is saved. */
      readonly generation: string;
    }
  | SelfRefusal;
export type Saved = { readonly kind: 'saved'; readonly generation: string } | SelfRefusal;

export interface EnrolmentDeps extends OwnProofDeps {
  readonly enrolments: EnrolmentStore;
  readonly recoveryCodes: RecoveryCodes;
  readonly acts: ActLimit;
  readonly sealer: Sealer;
  readonly audit: VisitAudit;
  readonly clock: Clock;
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

  /** The enrolment of this session, unless the state it was going to replace is no longer the live one. */
  async current(session: PanelSession, state: FactorState): Promise<Enrolment | undefined> {
    const enrolment = await this.#find(session);
    return enrolment && enrolment.replaces === generationOf(state) ? enrolment : undefined;
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
      return await this.#register(visit, enrolment, place, password, typed);
    } finally {
      place.leave();
    }
  }

  async #register(
    visit: Visit,
    enrolment: Enrolment,
    place: SetPlace,
    password: string,
    typed: string,
  ): Promise<Registered> {
    const { session } = visit;
    if (!enrolment.swap) {
      const refusal = await this.#deps.password.refuse(visit, password);
      if (refusal) return this.#refused(visit, refusal);
    }
    const read = readTyped(typed);
    if (read.kind === 'missing') return { kind: 'missing-code' };
    const secret = this.#deps.sealer.open('enrolment', session.actor, enrolment.sealedSecret);
    const code = read.kind === 'code' ? read.code : '';
    const now = this.#deps.clock();
    const step = findStep(secret, code, enrolment.period, now);
    if (step === undefined) {
      const shown = enrolment.period === 60 ? 30 : 60;
      const isOther = findStep(secret, code, shown, now) !== undefined;
      return this.#refused(
        visit,
        isOther ? { kind: 'other-period', shown, wanted: enrolment.period } : { kind: 'wrong-code' },
      );
    }
    if (enrolment.registration && step <= enrolment.registration.step) {
      return this.#refused(visit, { kind: 'used-code' });
    }
    const { codes, set } = await place.create();
    const registration = { step, generation: newGeneration(), recovery: set };
    if (!(await this.#deps.enrolments.register(enrolmentId(session), registration))) {
      return this.#refused(visit, { kind: 'used-code' });
    }
    await this.#deps.audit.record(visit, 'enrolment.registered');
    return { kind: 'registered', recoveryCodes: codes, generation: registration.generation };
  }

  /** Makes what was registered the active factor. The second of two Saves finds it done and says the same. */
  async save(visit: Visit): Promise<Saved> {
    const { session } = visit;
    if (isImpersonating(session)) return { kind: 'impersonating' };
    const { factors, enrolments, audit } = this.#deps;
    const id = enrolmentId(session);
    const enrolment = await this.#find(session);
    if (!enrolment) return { kind: 'enrolment-over' };
    if (!enrolment.registration) return { kind: 'not-registered' };
    const { generation, step, recovery } = enrolment.registration;
    const factor = {
      key: { realm: session.actor.realm, id: session.actor.id },
      generation,
      sealedSecret: this.#resealed(session, enrolment),
      period: enrolment.period,
      activatedAt: await this.#deps.panelClock(),
      lastStep: step,
      recovery,
    };
    const action = enrolment.swap ? 'factor.replaced' : 'factor.activated';
    const activated = await audit.change(visit, action, () => factors.activate(factor, enrolment.replaces));
    const done = activated || generationOf(await factors.find(session.actor)) === generation;
    await enrolments.close(id);
    if (!done) return this.#refused(visit, { kind: 'changed-meanwhile' });
    return { kind: 'saved', generation };
  }

  /** Forgets the key that is being set up; an active factor stays as it is. */
  async abandon(session: PanelSession): Promise<void> {
    await this.#deps.enrolments.close(enrolmentId(session));
  }

  /** One sealed with a key that was dropped meanwhile is over; he begins again. */
  async #find(session: PanelSession): Promise<Enrolment | undefined> {
    const enrolment = await this.#deps.enrolments.find(enrolmentId(session));
    return enrolment && this.#deps.sealer.hasKeyOf(enrolment.sealedSecret) ? enrolment : undefined;
  }

  #resealed(session: PanelSession, enrolment: Enrolment): string {
    const { sealer } = this.#deps;
    return sealer.seal(
      'factor',
      session.actor,
      sealer.open('enrolment', session.actor, enrolment.sealedSecret),
    );
  }

  async #start(visit: Visit, state: FactorState, swap: boolean): Promise<Begun> {
    const { enrolments, sealer, clock, period, audit } = this.#deps;
    const id = enrolmentId(visit.session);
    const stale = await enrolments.find(id);
    const usable = stale && sealer.hasKeyOf(stale.sealedSecret) && stale.replaces === generationOf(state);
    await audit.record(visit, 'enrolment.begun');
    if (stale && (swap || !usable)) await enrolments.close(id);
    await enrolments.begin(id, {
      sealedSecret: sealer.seal('enrolment', visit.session.actor, newSecret()),
      period,
      replaces: generationOf(state),
      swap,
      expiresAt: clock() + ENROLMENT_MS,
    });
    return { kind: 'begun' };
  }

  async #refused<R extends SelfRefusal>(visit: Visit, refusal: R): Promise<R> {
    await this.#deps.audit.record(visit, 'enrolment.refused', { reason: refusal.kind });
    return refusal;
  }
}

function enrolmentId(session: PanelSession): string {
  return storeId(session, session.actor);
}
