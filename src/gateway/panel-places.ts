import type { Middleware } from 'koa';
import { Lane, PageError, type TwoFactor } from '../index.js';
import { MOST_CONNECTIONS } from './upstream.js';

/** Requests under way to the panel, one connection each. Most panels work on some ten at a time. */
const BOUNDS = { atOnce: MOST_CONNECTIONS, places: MOST_CONNECTIONS, perAccount: 200, perClient: 400 };
const RETRY_SECONDS = 5;

/**
 * Keeps connections to the panel for others: of those under way no account and no client has more than its part, however
 * slowly it sends or reads.
 */
export function panelPlaces(twoFactor: Pick<TwoFactor, 'askerOf'>): Middleware {
  const lane = new Lane(BOUNDS);
  return async (ctx, next) => {
    const place = lane.take(await twoFactor.askerOf(ctx));
    if (!place) throw new PageError(429, 'error.too-many-at-once', { retryAfterSeconds: RETRY_SECONDS });
    try {
      await next();
    } finally {
      place.leave();
    }
  };
}
