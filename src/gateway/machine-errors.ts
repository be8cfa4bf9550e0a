import type { Middleware } from 'koa';
import type { GatewayHost } from '../hosts/gateway-host.js';
import { PageError } from '../index.js';
import { answerMachine } from './refusal.js';

const UNAVAILABLE_SECONDS = 5;

/** Tells machines of errors in their own protocol; people get the page of whoever catches the error. */
export function machineErrors(host: Pick<GatewayHost, 'errorFor'>): Middleware {
  return async (ctx, next) => {
    try {
      await next();
    } catch (error) {
      const status = error instanceof PageError ? error.status : 503;
      const answer = host.errorFor(ctx, status);
      if (!answer || ctx.headerSent) throw error;
      if (status >= 500 && status !== 501) ctx.app.emit('error', error, ctx);
      const wait = error instanceof PageError ? error.retryAfterSeconds : undefined;
      const seconds = wait ?? (status === 503 ? UNAVAILABLE_SECONDS : undefined);
      if (seconds !== undefined) ctx.set('Retry-After', String(seconds));
      answerMachine(ctx, status, answer);
    }
  };
}
