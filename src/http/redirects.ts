import type { Clock } from '../core/base/clock.js';

/** A redirect that is followed comes back sooner than this, on a slow line too. */
const SOON_MS = 2_000;
const IN_A_ROW = 3;
/** So long a client that went in a circle is not redirected. */
const CIRCLE_MS = 60_000;
const MOST_KEPT = 1_000;

/**
 * Tells a redirect that leads somewhere else from one that leads back here, as when a proxy replaces the Host of each
 * request: the same client asks for the same page again and again. What one client does changes nothing for the others.
 */
export class Redirects {
  readonly #clock: Clock;
  readonly #asked = new Map<string, { readonly at: number; readonly times: number }>();
  readonly #circles = new Map<string, number>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Has redirecting this client from this host only brought it back, within the last minute? */
  isCircle(host: string, client: string): boolean {
    const since = this.#circles.get(textOf(host, client));
    return since !== undefined && this.#clock() - since < CIRCLE_MS;
  }

  /** True when redirecting this client's request for this page has only brought it back; a circle from now on. */
  leadsBack(host: string, client: string, page: string): boolean {
    const now = this.#clock();
    const key = textOf(host, client, page);
    const last = this.#asked.get(key);
    const times = last && now - last.at < SOON_MS ? last.times + 1 : 1;
    if (times > IN_A_ROW) {
      this.#asked.delete(key);
      keep(this.#circles, textOf(host, client), now);
      return true;
    }
    keep(this.#asked, key, { at: now, times });
    return false;
  }
}

function textOf(...parts: readonly string[]): string {
  return JSON.stringify(parts);
}

/** Sets the newest entry; too many, and the oldest goes. */
function keep<Value>(map: Map<string, Value>, key: string, value: Value): void {
  map.delete(key);
  map.set(key, value);
  if (map.size <= MOST_KEPT) return;
  for (const oldest of map.keys()) {
    map.delete(oldest);
    return;
  }
}
