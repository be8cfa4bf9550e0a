import type { Context, Middleware } from 'koa';
import { StoreUnavailable } from '../core/base/store-unavailable.js';
import { SLOT_HEADER } from '../core/gate/slot-header.js';
import { UnsealError } from '../core/keys/sealing.js';
import { rememberAddress } from './address.js';
import { clientIsGone } from './client-gone.js';
import { PageError } from './page-error.js';
import { ALERT_HEADER } from './slots.js';
import type { Views } from './views.js';

const UNAVAILABLE_SECONDS = 5;

/** The one place where a fault of our own pages or of the gate becomes an answer: closed, and in plain words. */
export function errorPages(views: Views): Middleware {
  return (ctx, next) =>
    rememberAddress(ctx, async () => {
      await orErrorPage(views, ctx, next);
    });
}

/** What `act` answers; undefined when it failed and the error page is in the context. */
export async function orErrorPage<Result>(
  views: Views,
  ctx: Context,
  act: () => Promise<Result>,
): Promise<Result | undefined> {
  try {
    return await act();
  } catch (error) {
    showError(ctx, views, asPageError(error), error);
    return undefined;
  }
}

function showError(ctx: Context, views: Views, page: PageError, cause: unknown): void {
  // 501 is what somebody asked for and nobody offers: no fault of ours.
  if (page.status >= 500 && page.status !== 501 && !clientIsGone(ctx, cause))
    ctx.app.emit('error', cause, ctx);
  const language = views.language(ctx);
  const { text, status, address } = page;
  ctx.status = status;
  ctx.set('Cache-Control', 'no-store');
  const retryAfter = page.retryAfterSeconds ?? (page.status === 503 ? UNAVAILABLE_SECONDS : undefined);
  if (retryAfter !== undefined) ctx.set('Retry-After', String(retryAfter));
  ctx.type = 'html';
  if (ctx.get(SLOT_HEADER)) ctx.set(ALERT_HEADER, '1');
  ctx.body = views.render(ctx.get(SLOT_HEADER) ? 'slot-alert' : 'error', language, { text, address });
}

/** A fault with the status and the text it has for the user. */
export function asPageError(error: unknown): PageError {
  if (error instanceof PageError) return error;
  if (error instanceof StoreUnavailable) return new PageError(503, 'error.store', { cause: error });
  if (error instanceof UnsealError) return new PageError(503, 'error.key', { cause: error });
  const status = (error as { status?: unknown } | null)?.status;
  if (status === 413) return new PageError(413, 'error.too-large', { cause: error });
  if (typeof status === 'number' && status >= 400 && status < 500) {
    return new PageError(status, 'error.bad-form', { cause: error });
  }
  return new PageError(500, 'error.unexpected', { cause: error });
}
