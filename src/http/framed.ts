import type { Context } from 'koa';
import { readableName } from '../input/mail-name.js';
import { csrfToken } from './csrf.js';
import type { Services } from './services.js';
import type { SessionVisitor } from './visitor.js';

/** Answers with a page of ours for somebody logged in: in the panel's own look where the host has one. */
export async function showFramed(
  services: Services,
  ctx: Context,
  visitor: SessionVisitor,
  template: string,
  data: { readonly title: string } & Record<string, unknown>,
): Promise<void> {
  const { host, views, keys } = services;
  const language = views.language(ctx, visitor.session.account);
  const html = views.render(template, language, data);
  const page = { title: data.title, html, session: visitor.session };
  ctx.type = 'html';
  if (host.frame) {
    ctx.body = await host.frame(ctx, page);
    return;
  }
  const { account } = visitor.session;
  const csrf = csrfToken(keys, visitor.session, 'settings');
  ctx.body = views.render('layout', language, {
    ...page,
    home: host.homePath(account),
    name: readableName(account.name),
    csrf,
  });
}
