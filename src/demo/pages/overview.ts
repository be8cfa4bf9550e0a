import type { Context } from 'koa';
import { type Panel, showPage, visitorOf } from '../panel.js';
import { PanelError } from '../panel-error.js';

export async function showOverview(panel: Panel, ctx: Context): Promise<void> {
  const visitor = await visitorOf(panel, ctx);
  const { account } = visitor;
  if (account.realm !== 'mailuser') throw new PanelError(403, 'Not a mail user');
  const language = panel.views.language(ctx, account.language);
  const title = panel.views.translate(language)('overview.title');
  await showPage(panel, ctx, visitor, {
    title,
    html: panel.views.render('overview', language, { title, account }),
  });
}
