import { type EventEmitter, once } from 'node:events';
import { PassThrough } from 'node:stream';
import type { Context } from 'koa';

/**
 * The client's body for the panel, when the gate lets its first piece pass: most forms are whole then, and no connection
 * of the panel has waited for them. The two sides are apart, so that what goes wrong on one does not destroy the other's
 * socket before the answer. Rejects when `gone` has emitted `abort` before.
 *
 * It is never destroyed from here: undici takes an error of a body for a second end of the request.
 */
export async function sentBody({ req, res }: Context, gone: EventEmitter): Promise<PassThrough> {
  if (res.destroyed) throw new Error('The client is gone');
  const stream = req.pipe(new PassThrough());
  const aborted = once(gone, 'abort').then(() => {
    throw new Error('The body does not come any more');
  });
  await Promise.race([once(stream, 'readable'), aborted]);
  return stream;
}
