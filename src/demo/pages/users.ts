import type { Context } from 'koa';
import { queryParameter, type Slot } from '../../index.js';
import type { PanelUser } from '../database/panel-user.js';
import { idOf } from '../directory.js';
import { field } from '../forms.js';
import { adminOf, ownForm, type Panel, seeOther, showPage } from '../panel.js';
import { PanelError } from '../panel-error.js';

const SIZES = [5, 15, 25, 50, 100];
const DEFAULT_SIZE = 15;
const FORM = 'user-form';

export async function listUsers(panel: Panel, ctx: Context): Promise<void> {
  const visitor = await adminOf(panel, ctx);
  const query = parameter(ctx, 'q').slice(0, 64);
  const size = SIZES.find((known) => String(known) === parameter(ctx, 'size')) ?? DEFAULT_SIZE;
  const { total } = await panel.people.searchUsers(query, 1, 1);
  const pages = Math.max(1, Math.ceil(total / size));
  const page = Math.min(idOf(parameter(ctx, 'page')) ?? 1, pages);
  const { users } = await panel.people.searchUsers(query, page, size);
  const language = panel.views.language(ctx, visitor.account.language);
  const title = panel.views.translate(language)('users.title');
  const html = panel.views.render('users', language, {
    title,
    users,
    query,
    size,
    sizes: SIZES,
    page,
    pages,
    total,
  });
  await showPage(panel, ctx, visitor, { title, html });
}

export async function showUser(panel: Panel, ctx: Context): Promise<void> {
  await render(panel, ctx, await userIn(panel, ctx), {});
}

/** Save: first the two-factor part, then the panel's own. */
export async function saveUser(panel: Panel, ctx: Context): Promise<void> {
  const visitor = await adminOf(panel, ctx);
  const fields = ownForm(panel, ctx, visitor);
  const user = await userIn(panel, ctx);
  const active = field(fields, 'active') !== '';
  if (!active && user.id === Number(visitor.account.id)) {
    return render(panel, ctx, user, { refused: 'refusal.own-account' });
  }
  const account = { realm: 'user', id: String(user.id) } as const;
  const outcome = await panel.plugin()?.save(ctx, { slot: 'user-edit', form: FORM, account }, fields);
  if (outcome && !outcome.saved) return render(panel, ctx, user, { slot: outcome.slot });
  await panel.people.changeUser(user.id, { active });
  seeOther(ctx, `${ctx.path}?saved=1`);
}

async function render(
  panel: Panel,
  ctx: Context,
  user: PanelUser,
  shown: { readonly slot?: Slot; readonly refused?: 'refusal.own-account' },
): Promise<void> {
  const visitor = await adminOf(panel, ctx);
  const language = panel.views.language(ctx, visitor.account.language);
  const t = panel.views.translate(language);
  const title = t('user.title', { name: user.name });
  if (shown.slot || shown.refused) ctx.status = 422;
  const account = { realm: 'user', id: String(user.id) } as const;
  const slot = shown.slot ?? (await panel.plugin()?.slot(ctx, { slot: 'user-edit', form: FORM, account }));
  const html = panel.views.render('user', language, {
    title,
    user,
    csrf: visitor.csrf,
    alert: shown.refused && t(shown.refused),
    saved: queryParameter(ctx.querystring, 'saved') !== undefined,
    slot: slot?.html ?? '',
    mayLoginAs: user.active && user.id !== Number(visitor.account.id),
  });
  await showPage(panel, ctx, visitor, { title, html, forms: slot?.forms ?? '' });
}

async function userIn(panel: Panel, ctx: Context): Promise<PanelUser> {
  const id = idOf(ctx.params.id);
  const user = id === undefined ? null : await panel.people.user(id);
  if (!user) throw new PanelError(404);
  return user;
}

function parameter(ctx: Context, name: string): string {
  return queryParameter(ctx.querystring, name) ?? '';
}
