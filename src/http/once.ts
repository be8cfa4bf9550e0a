import type { Context } from 'koa';
import { formOf } from './forms.js';
import type { Services } from './services.js';
import type { KnownVisitor } from './visitor.js';

/** The page behind a form, as a route knows it. */
export type FormPage<Visitor extends KnownVisitor> = (ctx: Context, visitor: Visitor) => Promise<void>;

/**
 * A form's page in two halves: `act` changes something and says what came of it, as JSON keeps it; `answer` shows that and
 * changes nothing but this session's own cookies. A form that is sent twice is acted on once and answered twice.
 */
export function once<Visitor extends KnownVisitor, Outcome>(
  { acts }: Services,
  act: (ctx: Context, visitor: Visitor) => Promise<Outcome>,
  answer: (ctx: Context, visitor: Visitor, outcome: Outcome) => Promise<void>,
): FormPage<Visitor> {
  return async (ctx, visitor) => {
    const form = { path: ctx.path, fields: formOf(ctx) };
    await answer(ctx, visitor, await acts.once(visitor.session, form, () => act(ctx, visitor)));
  };
}
