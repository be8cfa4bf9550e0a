import type { Clock } from '../../core/base/clock.js';
import type {
  Enrolment,
  EnrolmentDraft,
  EnrolmentStore,
  Registration,
} from '../../core/own/enrolment-store.js';
import { ExpiringMap } from './expiring-map.js';

/** Enrolments of one process. */
export class MemoryEnrolmentStore implements EnrolmentStore {
  readonly #enrolments: ExpiringMap<Enrolment>;

  constructor(now: Clock) {
    this.#enrolments = new ExpiringMap(now);
  }

  async begin(id: string, draft: EnrolmentDraft): Promise<Enrolment> {
    const present = this.#enrolments.get(id);
    if (present !== undefined) {
      return present;
    }
    const begun = { ...draft, registration: undefined };
    this.#enrolments.set(id, begun, draft.expiresAt);
    return begun;
  }

  async find(id: string): Promise<Enrolment | undefined> {
    return this.#enrolments.get(id);
  }

  async register(id: string, registration: Registration): Promise<boolean> {
    const enrolment = this.#enrolments.get(id);
    if (enrolment === undefined) {
      return false;
    }
    if (enrolment.registration !== undefined && enrolment.registration.step >= registration.step) {
      return false;
    }
    this.#enrolments.replace(id, { ...enrolment, registration });
    return true;
  }

  async close(id: string): Promise<void> {
    this.#enrolments.delete(id);
  }
}
