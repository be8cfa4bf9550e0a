import type { Clock } from '../../core/base/clock.js';
import type { StepUpStore } from '../../core/own/step-up-store.js';
import { ExpiringMap } from './expiring-map.js';

/** Step-ups of one process. */
export class MemoryStepUpStore implements StepUpStore {
  readonly #granted: ExpiringMap<true>;

  constructor(now: Clock) {
    this.#granted = new ExpiringMap(now);
  }

  async grant(id: string, expiresAt: number): Promise<void> {
    this.#granted.set(id, true, expiresAt);
  }

  async holds(id: string): Promise<boolean> {
    return this.#granted.get(id) === true;
  }
}
