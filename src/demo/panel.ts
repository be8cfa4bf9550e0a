import type { Context } from 'koa';
import type { TwoFactor } from '../index.js';
import { type Fields, fieldsOf, requireSameOrigin, requireToken } from './forms.js';
import type { LoginLimit } from './login-limit.js';
import { PanelError } from './panel-error.js';
import type { People } from './people.js';
import type { SessionStore } from './session-store.js';
import type { Shell, ShellPage } from './shell.js';
import type { Views } from './views.js';
import type { Visitor, Visitors } from './visitors.js';

/** What the pages of the panel work with. */
export interface Panel {
  readonly people: People;
  readonly sessions: SessionStore;
  readonly logins: LoginLimit;
  readonly visitors: Visitors;
  readonly views: Views;
  readonly shell: Shell;
  readonly publicOrigin: string;
  /** Undefined while the benchmark measures the panel without it. */
  readonly plugin: () => TwoFactor | undefined;
}

/** Somebody logged in; throws 403 for anybody else, should the gate ever let him through. */
export async function visitorOf(panel: Panel, ctx: Context): Promise<Visitor> {
  const visitor = await panel.visitors.of(ctx);
  if (!visitor) throw new PanelError(403, 'Nobody is logged in');
  return visitor;
}

export async function adminOf(panel: Panel, ctx: Context): Promise<Visitor> {
  const visitor = await visitorOf(panel, ctx);
  if (visitor.account.role !== 'admin') throw new PanelError(403, 'Not an admin');
  return visitor;
}

/** The fields of a form that a page of this session sent; throws 403 for any other. */
export function ownForm(panel: Panel, ctx: Context, { csrf }: Visitor): Fields {
  requireSameOrigin(ctx, panel.publicOrigin);
  const fields = fieldsOf(ctx);
  requireToken(fields, csrf);
  return fields;
}

/** Answers with a page in the panel's frame. */
export async function showPage(panel: Panel, ctx: Context, visitor: Visitor, page: ShellPage): Promise<void> {
  ctx.type = 'html';
  ctx.body = await panel.shell.page(ctx, visitor, page);
}

/** After a POST: the browser requests the page again. */
export function seeOther(ctx: Context, path: string): void {
  ctx.status = 303;
  ctx.redirect(path);
}
