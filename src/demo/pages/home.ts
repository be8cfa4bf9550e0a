import type { Context } from 'koa';
import { type Panel, seeOther, showPage, visitorOf } from '../panel.js';
import { homeOf } from '../people.js';

export async function showHome(panel: Panel, ctx: Context): Promise<void> {
  const visitor = await visitorOf(panel, ctx);
  const { account, csrf } = visitor;
  if (account.role === 'mailuser') return seeOther(ctx, homeOf(account));
  const language = panel.views.language(ctx, account.language);
  const title = panel.views.translate(language)('home.title', { name: account.name });
  const clients = account.role === 'reseller' ? await panel.people.clientsOf(Number(account.id)) : undefined;
  const html = panel.views.render('home', language, { title, account, csrf, clients });
  await showPage(panel, ctx, visitor, { title, html });
}
