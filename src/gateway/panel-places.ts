import { type Asker, Lane, PageError } from '../index.js';
import { MOST_CONNECTIONS } from './upstream.js';

/** Bodies of which nothing may go on yet. Each keeps some 64 kB here, and nothing of the panel. */
const BODIES = { atOnce: 8_192, places: 8_192, perAccount: 64, perClient: 64 };
/** Requests under way to the panel, one connection each. Most panels work on some ten at a time. */
const CONNECTIONS = { atOnce: MOST_CONNECTIONS, places: MOST_CONNECTIONS, perAccount: 100, perClient: 128 };
const RETRY_SECONDS = 5;

/**
 * Keeps room for others: no account and no client has more than its part, however slowly it sends or reads. A body that
 * is still awaited takes no connection from anybody. Both begin `work` at once, or reject with a `PageError` (429).
 */
export class PanelPlaces {
  readonly #bodies = new Lane(BODIES);
  readonly #connections = new Lane(CONNECTIONS);

  awaitBody<Result>(asker: Asker, work: () => Promise<Result>): Promise<Result> {
    return holding(this.#bodies, asker, work);
  }

  connect<Result>(asker: Asker, work: () => Promise<Result>): Promise<Result> {
    return holding(this.#connections, asker, work);
  }
}

async function holding<Result>(lane: Lane, asker: Asker, work: () => Promise<Result>): Promise<Result> {
  const place = lane.take(asker);
  if (!place) throw new PageError(429, 'error.too-many-at-once', { retryAfterSeconds: RETRY_SECONDS });
  try {
    return await work();
  } finally {
    place.leave();
  }
}
