import type { Clock } from '../../core/base/clock.js';
import { StoreUnavailable } from '../../core/base/store-unavailable.js';

const SWEEP_EVERY_MILLISECONDS = 1_000;

/**
 * A map whose entries end by themselves, for stores of one process. When it is full of live entries it takes no new
 * one and throws `StoreUnavailable`: to drop an old one would give an attacker who fills it a fresh quota.
 */
export class ExpiringMap<Value> {
  readonly #entries = new Map<string, { readonly value: Value; readonly expiresAt: number }>();
  readonly #now: Clock;
  readonly #capacity: number;
  #sweptAt = Number.NEGATIVE_INFINITY;

  constructor(now: Clock, capacity = 100_000) {
    this.#now = now;
    this.#capacity = capacity;
  }

  /** Entries kept, ended ones that were not swept yet included. */
  get size(): number {
    return this.#entries.size;
  }

  get(key: string): Value | undefined {
    return this.#live(key)?.value;
  }

  /** Sets a value and its end, in milliseconds since 1970. */
  set(key: string, value: Value, expiresAt: number): void {
    this.#sweep();
    if (this.#entries.size >= this.#capacity && !this.#entries.has(key)) {
      const cause = new Error(`The memory store is full: ${this.#capacity} live entries`);
      throw new StoreUnavailable('The memory store', { cause });
    }
    this.#entries.set(key, { value, expiresAt });
  }

  /** Changes the value of a live entry and keeps its end. */
  replace(key: string, value: Value): void {
    const entry = this.#live(key);
    if (entry !== undefined) {
      this.#entries.set(key, { value, expiresAt: entry.expiresAt });
    }
  }

  /** Milliseconds a live entry has left; 0 when there is none. */
  timeLeft(key: string): number {
    const entry = this.#live(key);
    return entry === undefined ? 0 : entry.expiresAt - this.#now();
  }

  delete(key: string): void {
    this.#entries.delete(key);
  }

  #live(key: string) {
    const entry = this.#entries.get(key);
    return entry !== undefined && entry.expiresAt > this.#now() ? entry : undefined;
  }

  #sweep(): void {
    const now = this.#now();
    if (now - this.#sweptAt < SWEEP_EVERY_MILLISECONDS) {
      return;
    }
    this.#sweptAt = now;
    for (const [key, { expiresAt }] of this.#entries) {
      if (expiresAt <= now) {
        this.#entries.delete(key);
      }
    }
  }
}
