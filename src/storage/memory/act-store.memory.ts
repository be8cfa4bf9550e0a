import type { ActStore, KnownAct } from '../../core/acts/act-store.js';
import type { Clock } from '../../core/base/clock.js';
import { ExpiringMap } from './expiring-map.js';

/** Acts of one process. */
export class MemoryActStore implements ActStore {
  readonly #acts: ExpiringMap<KnownAct>;

  constructor(now: Clock) {
    this.#acts = new ExpiringMap(now);
  }

  async claim(id: string, until: number): Promise<KnownAct | undefined> {
    const known = this.#acts.get(id);
    if (known === undefined) this.#acts.set(id, { kind: 'running' }, until);
    return known;
  }

  async finish(id: string, outcome: string, until: number): Promise<void> {
    this.#acts.set(id, { kind: 'done', outcome }, until);
  }

  async find(id: string): Promise<KnownAct | undefined> {
    return this.#acts.get(id);
  }

  async drop(id: string): Promise<void> {
    this.#acts.delete(id);
  }
}
