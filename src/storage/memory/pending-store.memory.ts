import type { Clock } from '../../core/base/clock.js';
import type { PendingLogin, PendingStore } from '../../core/login/pending-store.js';
import { ExpiringMap } from './expiring-map.js';

/** Pending logins of one process. */
export class MemoryPendingStore implements PendingStore {
  readonly #logins: ExpiringMap<PendingLogin | 'cleared'>;

  constructor(now: Clock) {
    this.#logins = new ExpiringMap(now);
  }

  async open(id: string, login: PendingLogin): Promise<void> {
    const known = this.#logins.get(id) ?? login;
    if (known === 'cleared') return;
    const { triesLeft, expiresAt } = known;
    this.#logins.set(id, { triesLeft, expiresAt, returnTo: login.returnTo }, expiresAt);
  }

  async find(id: string): Promise<PendingLogin | 'cleared' | undefined> {
    return this.#logins.get(id);
  }

  async spend(id: string): Promise<number | undefined> {
    const login = this.#logins.get(id);
    if (login === undefined || login === 'cleared' || login.triesLeft < 1) {
      return undefined;
    }
    const triesLeft = login.triesLeft - 1;
    this.#logins.replace(id, { ...login, triesLeft });
    return triesLeft;
  }

  async clear(id: string, until: number): Promise<void> {
    this.#logins.set(id, 'cleared', until);
  }

  async close(id: string): Promise<void> {
    this.#logins.delete(id);
  }
}
