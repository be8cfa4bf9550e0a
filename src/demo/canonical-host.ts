import type { Context, Middleware } from 'koa';
import { PanelError } from './panel-error.js';

/**
 * Answers under the public origin and the loopback address only. Cookies and `Origin` belong to one name, so pages
 * asked for at `localhost` are sent to the public origin; any other name is refused (a page of another site may have
 * pointed its name here).
 */
export function canonicalHost(publicOrigin: string, port: number): Middleware {
  const ours = [publicOrigin, `http://127.0.0.1:${port}`].map((origin) => new URL(origin).host);
  const aliases = ['localhost', 'localhost.'].map((name) => `${name}:${port}`);
  return async (ctx, next) => {
    const host = hostOf(ctx);
    if (ours.includes(host)) return next();
    if (!aliases.includes(host) || !['GET', 'HEAD'].includes(ctx.method)) throw new PanelError(421);
    ctx.status = 307;
    ctx.redirect(publicOrigin + ctx.path + ctx.search);
  };
}

/** In the one spelling that browsers have for it. */
function hostOf({ host }: Context): string {
  return URL.canParse(`http://${host}`) ? new URL(`http://${host}`).host : host;
}
