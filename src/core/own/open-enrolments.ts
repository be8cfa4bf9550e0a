import type { PanelSession } from '../account/account.js';
import { storeId } from '../account/store-id.js';
import type { Visit, VisitAudit } from '../audit/visit.js';
import type { Clock } from '../base/clock.js';
import { type FactorState, generationOf, type Period } from '../codes/factor.js';
import type { Sealer } from '../keys/sealing.js';
import type { Enrolment, EnrolmentStore } from './enrolment-store.js';

/** An enrolment that is not saved by then is over. */
export const ENROLMENT_MS = 15 * 60_000;

export interface OpenEnrolmentsDeps {
  readonly enrolments: EnrolmentStore;
  readonly sealer: Sealer;
  readonly audit: VisitAudit;
  readonly clock: Clock;
}

/** The key of a new enrolment. */
export interface NewKey {
  readonly secret: Buffer;
  readonly period: Period;
  /** An active factor is being moved to it. */
  readonly swap?: boolean;
  readonly adopted?: true;
}

/** The one enrolment that a session may have under way, with its key sealed. */
export class OpenEnrolments {
  readonly #deps: OpenEnrolmentsDeps;

  constructor(deps: OpenEnrolmentsDeps) {
    this.#deps = deps;
  }

  /** The enrolment of this session, unless the state it was going to replace is no longer the live one. */
  async current(session: PanelSession, state: FactorState): Promise<Enrolment | undefined> {
    const enrolment = await this.find(session);
    return enrolment && enrolment.replaces === generationOf(state) ? enrolment : undefined;
  }

  /** One sealed with a key that was dropped meanwhile is over; he begins again. */
  async find(session: PanelSession): Promise<Enrolment | undefined> {
    const enrolment = await this.#deps.enrolments.find(enrolmentId(session));
    return enrolment && this.#deps.sealer.hasKeyOf(enrolment.sealedSecret) ? enrolment : undefined;
  }

  /** Begins one in place of a stale one, and of any where the key has to be this one; two tabs share one. */
  async start(visit: Visit, state: FactorState, key: NewKey): Promise<Enrolment> {
    const { enrolments, sealer, clock, audit } = this.#deps;
    const { secret, period, swap = false, adopted } = key;
    const id = enrolmentId(visit.session);
    const stale = await enrolments.find(id);
    const usable = stale && sealer.hasKeyOf(stale.sealedSecret) && stale.replaces === generationOf(state);
    await audit.record(visit, 'enrolment.begun');
    if (stale && (swap || adopted || !usable)) await enrolments.close(id);
    return enrolments.begin(id, {
      sealedSecret: sealer.seal('enrolment', visit.session.actor, secret),
      period,
      replaces: generationOf(state),
      swap,
      ...(adopted && { adopted }),
      expiresAt: clock() + ENROLMENT_MS,
    });
  }

  secretOf({ actor }: PanelSession, enrolment: Enrolment): Buffer {
    return this.#deps.sealer.open('enrolment', actor, enrolment.sealedSecret);
  }

  async close(session: PanelSession): Promise<void> {
    await this.#deps.enrolments.close(enrolmentId(session));
  }
}

export function enrolmentId(session: PanelSession): string {
  return storeId(session, session.actor);
}
