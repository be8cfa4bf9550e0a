import { timingSafeEqual } from 'node:crypto';
import { bodyParser } from '@koa/bodyparser';
import type { Context, Middleware } from 'koa';
import { foreignPage } from '../index.js';
import { PanelError } from './panel-error.js';

export type Fields = Readonly<Record<string, unknown>>;

const parse = bodyParser({ enableTypes: ['form'], formLimit: '16kb' });

/** Parses a form of the panel; anything but a plain form of at most 16 kB is refused with a 4xx. */
export const formBody: Middleware = async (ctx, next) => {
  const isPacked = !['', 'identity'].includes(ctx.get('Content-Encoding'));
  if (!ctx.is('application/x-www-form-urlencoded') || isPacked) throw new PanelError(415);
  await parse(ctx, next);
};

export function fieldsOf(ctx: Context): Fields {
  return (ctx.request.body ?? {}) as Fields;
}

/** The text of a field, empty when it is not there; a list or an object is refused. */
export function field(fields: Fields, name: string): string {
  const value = fields[name] ?? '';
  if (typeof value !== 'string') throw new PanelError(400);
  return value;
}

/** Throws 403 unless the form came from a page of this origin. */
export function requireSameOrigin(ctx: Context, origin: string): void {
  if (foreignPage(ctx, [origin])) throw new PanelError(403, 'Another origin');
}

/** Throws 403 unless the form carries the token of its session. */
export function requireToken(fields: Fields, token: string): void {
  const given = Buffer.from(field(fields, 'csrf'));
  const expected = Buffer.from(token);
  if (given.length !== expected.length || !timingSafeEqual(given, expected)) {
    throw new PanelError(403, 'The token of the form is not that of the session');
  }
}
