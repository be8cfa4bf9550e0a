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

  /** Has it turned out that this is what a proxy makes of our own host? */
  isCircle(host: string): boolean {
    return this.#circles.has(host);
  }

  /** True when redirecting this client's request for this page has only brought it back; the host is a circle from now on. */
  leadsBack(host: string, clientAndPage: string): boolean {
    const now = this.#clock();
    const key = `${host} ${clientAndPage}`;
    const last = this.#asked.get(key);
    const times = last && now - last.at < SOON_MS ? last.times + 1 : 1;
    if (times > IN_A_ROW) {
      if (this.#circles.size < MOST_CIRCLES) this.#circles.add(host);
      return true;
    }
    if (this.#asked.size >= MOST_ASKED) this.#asked.clear();
    this.#asked.set(key, { at: now, times });
    return false;
  }
}
