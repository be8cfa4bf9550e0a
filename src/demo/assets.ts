import { readdirSync, readFileSync } from 'node:fs';
import { extname, join } from 'node:path';
import type { Middleware } from 'koa';
import { PanelError } from './panel-error.js';

/** Where the panel's own files are served. */
export const ASSETS = '/assets/';

/** The panel's own style sheet and icon, read once; only a name in the folder is a name. */
export function assets(folder: string): Middleware {
  const files = new Map(readdirSync(folder).map((name) => [ASSETS + name, readFileSync(join(folder, name))]));
  return async (ctx, next) => {
    if (!ctx.path.startsWith(ASSETS)) return next();
    const file = files.get(ctx.path);
    if (!file) throw new PanelError(404);
    if (!['GET', 'HEAD'].includes(ctx.method)) throw new PanelError(405);
    ctx.set('Cache-Control', 'public, max-age=300');
    ctx.type = extname(ctx.path);
    ctx.body = file;
  };
}
