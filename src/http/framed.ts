import type { Context } from 'koa';
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
  const { host, views } = services;
  const language = views.language(ctx, visitor.session.account);
  const html = views.render(template, language, data);
  const page = { title: data.title, html, session: visitor.session };
  ctx.type = 'html';
  ctx.body = host.frame
    ? await host.frame(ctx, page)
    : views.render('layout', language, { ...page, home: host.homePath(visitor.session.account) });
}
