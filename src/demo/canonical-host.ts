import type { Middleware } from 'koa';
import { PanelError } from './panel-error.js';

/**
 * Answers under the public origin and the loopback address only. Cookies and `Origin` belong to one name, so pages
 * asked for at `localhost` are sent to the public origin; any other name is refused (a page of another site may have
 * pointed its name here).
 */
export function canonicalHost(publicOrigin: string, port: number): Middleware {
  const ours = [publicOrigin, `http://127.0.0.1:${port}`].map((origin) => new URL(origin).host);
  const { host: alias } = new URL(`http://localhost:${port}`);
  return async (ctx, next) => {
    if (ours.includes(ctx.host)) return next();
    if (ctx.host !== alias || !['GET', 'HEAD'].includes(ctx.method)) throw new PanelError(421);
    ctx.status = 307;
    ctx.redirect(publicOrigin + ctx.path + ctx.search);
  };
}
