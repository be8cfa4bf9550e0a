import type { Context } from 'koa';

/** How node and raw-body call it that a connection ended in the middle of a request or of its answer. */
const ENDS = ['ECONNRESET', 'ECONNABORTED', 'EPIPE', 'HPE_INVALID_EOF_STATE', 'ERR_STREAM_PREMATURE_CLOSE'];

/** Is this no more than a client that went away? Nobody is there to be answered, and nothing is wrong. */
export function clientIsGone(ctx: Context, error: unknown): boolean {
  const { code = '', type } = (error ?? {}) as { code?: string; type?: string };
  const isOver = !ctx.req.complete || ctx.req.socket.destroyed || ctx.res.closed;
  return isOver && (ENDS.includes(code) || type === 'request.aborted');
}
