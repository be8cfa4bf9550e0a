import type { Context } from 'koa';
import type { UpstreamRefusal } from '../hosts/gateway-host.js';
import { type Log, PageError } from '../index.js';

/** Answers a request that the panel must not get, and logs why; throws the `PageError` of a refusal without an answer. */
export function refuse(
  ctx: Context,
  { status, reason, answer }: UpstreamRefusal,
  log: Pick<Log, 'warn'>,
): void {
  log.warn({ method: ctx.method, path: ctx.path, status, reason, address: ctx.ip }, 'refused');
  if (!answer) throw new PageError(status, 'error.refused');
  answerMachine(ctx, status, answer);
}

/** An answer in the protocol of a machine. */
export function answerMachine(
  ctx: Context,
  status: number,
  { type, body }: NonNullable<UpstreamRefusal['answer']>,
): void {
  ctx.status = status;
  ctx.set('Cache-Control', 'no-store');
  ctx.set('Content-Type', type);
  ctx.body = body;
}
