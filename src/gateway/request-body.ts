import { type EventEmitter, once } from 'node:events';
import { PassThrough } from 'node:stream';
import type { Context } from 'koa';
import { PageError } from '../index.js';

/** More than the forms that the panel has for everybody: login, password reset. */
const STRANGERS_BYTES = 65_536;

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

/**
 * The whole body of somebody who is not logged in: of it the panel gets nothing before it is here, so that it costs no
 * worker of the panel to wait for it. Rejects as {@link sentBody}, and with a `PageError` (413) when it is larger than a form.
 */
export async function strangersBody(ctx: Context, gone: EventEmitter): Promise<Buffer> {
  if (Number(ctx.req.headers['content-length'] ?? 0) > STRANGERS_BYTES) throw tooLarge();
  const pieces: Buffer[] = [];
  let size = 0;
  const stream = await sentBody(ctx, gone);
  gone.once('abort', () => stream.destroy(new Error('The body does not come any more')));
  for await (const piece of stream) {
    size += (piece as Buffer).length;
    if (size > STRANGERS_BYTES) throw tooLarge();
    pieces.push(piece as Buffer);
  }
  return Buffer.concat(pieces);
}

function tooLarge(): PageError {
  return new PageError(413, 'error.too-large');
}
