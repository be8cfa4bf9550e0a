import type { Middleware } from 'koa';
import { announcesBody } from '../hosts/end-to-end.js';
import { addressBucket, Lane, PageError } from '../index.js';

/** Requests of which a part is still to come, whoever reads them: the panel, its API or a page of ours. */
const PLACES = { atOnce: 8_192, places: 8_192, perAccount: 8_192, perClient: 128 };
const RETRY_SECONDS = 5;

/** Refuses a further body of a client who has so many unfinished ones; before anybody reads of it. */
export function limitUnfinishedBodies(): Middleware {
  const lane = new Lane(PLACES);
  return async ({ req, res, ip }, next) => {
    if (!announcesBody(req.headers) || req.complete) return next();
    const place = lane.take({ client: addressBucket(ip) });
    if (!place) throw new PageError(429, 'error.too-many-at-once', { retryAfterSeconds: RETRY_SECONDS });
    for (const message of [req, res]) message.once('close', place.leave);
    req.once('end', place.leave);
    await next();
  };
}
