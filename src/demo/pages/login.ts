import type { Context } from 'koa';
import { isOwnPath, queryParameter } from '../../index.js';
import { field, fieldsOf, requireSameOrigin } from '../forms.js';
import type { MessageKey } from '../messages-en.js';
import { ownForm, type Panel, seeOther, visitorOf } from '../panel.js';
import { homeOf } from '../people.js';
import { newToken, sessionOf } from '../session-data.js';

const LONGEST_NEXT = 512;
const NOTICES: readonly string[] = ['cancelled', 'expired', 'too-many-codes'];

export async function showLogin(panel: Panel, ctx: Context): Promise<void> {
  const visitor = await panel.visitors.of(ctx);
  if (visitor) return seeOther(ctx, homeOf(visitor.account));
  const notice = queryParameter(ctx.querystring, 'notice');
  const key = NOTICES.find((known) => known === notice);
  renderLogin(panel, ctx, {
    next: nextOf(queryParameter(ctx.querystring, 'next')),
    ...(key && { alert: `login.${key}` as MessageKey }),
  });
}

/** Opens a session under a new id. */
export async function logIn(panel: Panel, ctx: Context): Promise<void> {
  requireSameOrigin(ctx, panel.publicOrigin);
  const fields = fieldsOf(ctx);
  const name = field(fields, 'username').trim();
  const next = nextOf(field(fields, 'next'));
  const password = field(fields, 'password');
  const login = await panel.logins.judged(ctx.ip, (place) => panel.people.byPassword(name, password, place));
  if (login.kind !== 'judged') {
    ctx.status = login.kind === 'busy' ? 503 : 429;
    ctx.set('Retry-After', String(login.retryAfterSeconds));
    return renderLogin(panel, ctx, { alert: `login.${login.kind}`, name, next });
  }
  const account = login.result;
  if (!account) {
    ctx.status = 422;
    return renderLogin(panel, ctx, { alert: 'login.wrong', name, next });
  }
  ctx.session = { realm: account.realm, id: Number(account.id), start: Date.now(), csrf: newToken() };
  await ctx.session?.regenerate();
  seeOther(ctx, next || homeOf(account));
}

export async function logOut(panel: Panel, ctx: Context): Promise<void> {
  if (sessionOf(ctx)) ownForm(panel, ctx, await visitorOf(panel, ctx));
  ctx.session = null;
  seeOther(ctx, '/login');
}

function renderLogin(
  panel: Panel,
  ctx: Context,
  shown: { readonly alert?: MessageKey; readonly name?: string; readonly next: string },
): void {
  const language = panel.views.language(ctx);
  const alert = shown.alert && panel.views.translate(language)(shown.alert);
  ctx.type = 'html';
  ctx.body = panel.views.render('login', language, { name: '', ...shown, alert });
}

/** Where to go after the login: a path of our own, or nothing. */
function nextOf(value: unknown): string {
  return typeof value === 'string' && value.length <= LONGEST_NEXT && isOwnPath(value) ? value : '';
}
