import type { Context } from 'koa';
import { idOf } from '../directory.js';
import { ownForm, type Panel, seeOther, visitorOf } from '../panel.js';
import { PanelError } from '../panel-error.js';
import { homeOf } from '../people.js';
import { sessionOf } from '../session-data.js';
import { mayLoginAs } from '../visitors.js';

/** "Login as": the session goes on under another account and remembers whose it is. */
export async function loginAs(panel: Panel, ctx: Context): Promise<void> {
  const visitor = await visitorOf(panel, ctx);
  ownForm(panel, ctx, visitor);
  const session = sessionOf(ctx);
  // The form was sent twice.
  if (session?.formerId !== undefined && session.id === idOf(ctx.params.id)) {
    return seeOther(ctx, homeOf(visitor.account));
  }
  const ids = [Number(visitor.actor.id), idOf(ctx.params.id) ?? 0];
  const users = visitor.actor.realm === 'user' ? await panel.people.activeUsers(ids) : [];
  const actor = users.find(({ id }) => id === String(ids[0]));
  const account = users.find(({ id }) => id === String(ids[1]));
  if (!session || session.formerId !== undefined || !actor || !account || !mayLoginAs(actor, account)) {
    throw new PanelError(403, 'Not to be logged in as');
  }
  ctx.session = { ...session, id: ids[1], formerId: ids[0] };
  seeOther(ctx, homeOf(account));
}

export async function returnFromLoginAs(panel: Panel, ctx: Context): Promise<void> {
  const visitor = await visitorOf(panel, ctx);
  ownForm(panel, ctx, visitor);
  const session = sessionOf(ctx);
  if (session?.formerId === undefined) return seeOther(ctx, homeOf(visitor.account));
  const { formerId, ...rest } = session;
  ctx.session = { ...rest, id: formerId };
  seeOther(ctx, homeOf(visitor.actor));
}
