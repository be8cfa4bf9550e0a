import type { Clock } from '../core/base/clock.js';

/** A redirect that is followed comes back sooner than this, on a slow line too. */
const SOON_MS = 2_000;
const IN_A_ROW = 3;
const MOST_ASKED = 1_000;
const MOST_CIRCLES = 20;

/**
 * Tells a redirect that leads somewhere else from one that leads back here, as when a proxy replaces the Host of each
 * request: the same client asks for the same page again and again.
 */
export class Redirects {
  readonly #clock: Clock;
  readonly #asked = new Map<string, { readonly at: number; readonly times: number }>();
  readonly #circles = new Set<string>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** What to do with a request of this client for this page; from the first circle on nothing of this host is redirected. */
  next(host: string, clientAndPage: string): 'go' | 'circle' | 'known circle' {
    if (this.#circles.has(host)) return 'known circle';
    const now = this.#clock();
    const key = `${host} ${clientAndPage}`;
    const last = this.#asked.get(key);
    const times = last && now - last.at < SOON_MS ? last.times + 1 : 1;
    if (times > IN_A_ROW) {
      if (this.#circles.size >= MOST_CIRCLES) return 'known circle';
      this.#circles.add(host);
      return 'circle';
    }
    if (this.#asked.size >= MOST_ASKED) this.#asked.clear();
    this.#asked.set(key, { at: now, times });
    return 'go';
  }
}
