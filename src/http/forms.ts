import { bodyParser } from '@koa/bodyparser';
import type { Context, Middleware } from 'koa';
import { PageError } from './page-error.js';

/** The fields of a form as they were parsed, from whoever sent them. */
export type Fields = Readonly<Record<string, unknown>>;

const LIMIT = '8kb';

const parse = bodyParser({ enableTypes: ['form'], formLimit: LIMIT });

/** Parses the forms of our own pages: urlencoded and at most 8 kB, anything else is refused. */
export const formBody: Middleware = async (ctx, next) => {
  if (!ctx.is('application/x-www-form-urlencoded') || isPacked(ctx))
    throw new PageError(415, 'error.bad-form');
  await parse(ctx, next);
};

/** No browser packs a form, and the limit counts what was sent. */
function isPacked(ctx: Context): boolean {
  return !['', 'identity'].includes(ctx.get('Content-Encoding'));
}

/** The text of a field, empty when it is not there; a list or an object is refused. */
export function field(fields: Fields, name: string): string {
  const value = fields[name] ?? '';
  if (typeof value !== 'string') throw new PageError(400, 'error.bad-form');
  return value;
}

/** The form that a request has sent, empty for a GET. */
export function formOf(ctx: Context): Fields {
  return (ctx.request.body ?? {}) as Fields;
}
