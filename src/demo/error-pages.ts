import type { Middleware } from 'koa';
import { PanelError } from './panel-error.js';
import type { Views } from './views.js';

const KNOWN = [400, 403, 404, 405, 413, 415, 421, 503];

/** Turns what the pages throw into a page in plain words; a fault goes to the log. Who came by a wrong name is shown the right one. */
export function errorPages(views: Views, publicOrigin: string): Middleware {
  return async (ctx, next) => {
    try {
      await next();
    } catch (error) {
      const status = statusOf(error);
      if (status >= 500) ctx.app.emit('error', error, ctx);
      ctx.status = status;
      ctx.type = 'html';
      ctx.body = views.render('error', views.language(ctx), {
        status,
        address: status === 421 ? publicOrigin : undefined,
      });
    }
  };
}

function statusOf(error: unknown): number {
  const status = error instanceof PanelError ? error.status : (error as { status?: unknown })?.status;
  if (KNOWN.some((known) => known === status)) return status as number;
  return typeof status === 'number' && status >= 400 && status < 500 ? 400 : 500;
}
