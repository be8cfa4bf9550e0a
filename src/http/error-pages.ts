import type { Context, Middleware } from 'koa';
import { RecoveryBusy } from '../core/recovery-codes.js';
import { UnsealError } from '../core/sealing.js';
import { StoreUnavailable } from '../core/store-unavailable.js';
import { PageError } from './page-error.js';
import type { Views } from './views.js';

/** The one place where a fault of our own pages or of the gate becomes an answer: closed, and in plain words. */
export function errorPages(views: Views): Middleware {
  return async (ctx, next) => {
    try {
      await next();
    } catch (error) {
      showError(ctx, views, asPageError(error), error);
    }
  };
}

function showError(ctx: Context, views: Views, page: PageError, cause: unknown): void {
  // 501 is what somebody asked for and nobody offers: no fault of ours.
  if (page.status >= 500 && page.status !== 501) ctx.app.emit('error', cause, ctx);
  const language = views.language(ctx);
  ctx.status = page.status;
  ctx.set('Cache-Control', 'no-store');
  if (page.status === 503) ctx.set('Retry-After', '5');
  ctx.type = 'html';
  ctx.body = views.render('error', language, { text: page.text, status: page.status });
}

function asPageError(error: unknown): PageError {
  if (error instanceof PageError) return error;
  if (error instanceof StoreUnavailable) return new PageError(503, 'error.store', { cause: error });
  if (error instanceof RecoveryBusy) return new PageError(503, 'error.busy', { cause: error });
  if (error instanceof UnsealError) return new PageError(503, 'error.key', { cause: error });
  const status = (error as { status?: unknown } | null)?.status;
  if (status === 413) return new PageError(413, 'error.too-large', { cause: error });
  if (typeof status === 'number' && status >= 400 && status < 500) {
    return new PageError(status, 'error.bad-form', { cause: error });
  }
  return new PageError(500, 'error.unexpected', { cause: error });
}
