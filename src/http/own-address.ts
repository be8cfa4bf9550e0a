import type { Context, Middleware } from 'koa';
import { isOwnPath } from '../core/gate/own-path.js';
import { orErrorPage } from './error-pages.js';
import { PageError } from './page-error.js';
import { Redirects } from './redirects.js';
import type { Services } from './services.js';

/**
 * Cookies and forms belong to one name, so a page that a browser asks for under another one is asked for at the public
 * address: by 308 where it is read, by a page that names and links it where something is sent. What scripts and machines
 * ask for is left alone, and so is the panel's logout.
 */
export function ownAddress(services: Services): Middleware {
  const { host, origins, publicOrigin, views, log } = services;
  const redirects = new Redirects(services.clock);
  return async (ctx, next) => {
    const isHere =
      isAt(ctx, origins) || origins.includes(ctx.get('Origin')) || redirects.isCircle(ctx.host, ctx.ip);
    if (isHere || !isForPage(ctx) || host.admits(ctx) === 'logout') return next();
    if (!isRead(ctx)) {
      await orErrorPage(views, ctx, async () => {
        throw new PageError(421, 'error.other-address', { address: publicOrigin });
      });
      return;
    }
    if (!isOwnPath(ctx.originalUrl)) return next();
    if (redirects.leadsBack(ctx.host, ctx.ip, ctx.originalUrl)) {
      log.warn(
        { host: ctx.host },
        "panel-2fa: a proxy replaces the Host of publicUrl; let it pass on the browser's own (nginx: proxy_set_header Host $http_host)",
      );
      return next();
    }
    ctx.set('Cache-Control', 'no-store');
    ctx.status = 308;
    ctx.redirect(publicOrigin + ctx.originalUrl);
  };
}

/** The host and port that the browser has in its address bar; without a host nothing is said against it. */
function isAt({ host }: Context, origins: readonly string[]): boolean {
  return origins.some((origin) => {
    const { protocol, host: own } = new URL(origin);
    const asked = `${protocol}//${host}`;
    return !URL.canParse(asked) || new URL(asked).host === own;
  });
}

/** Does a browser ask for a page that it is going to show as a whole? Forms are sent with an `Origin` by all of them. */
function isForPage(ctx: Context): boolean {
  const destination = ctx.get('Sec-Fetch-Dest');
  if (destination !== '') return destination === 'document';
  const isBrowser = ctx.get('Accept').includes('text/html') || (!isRead(ctx) && ctx.get('Origin') !== '');
  return isBrowser && ctx.get('X-Requested-With') === '';
}

function isRead({ method }: Context): boolean {
  return method === 'GET' || method === 'HEAD';
}
