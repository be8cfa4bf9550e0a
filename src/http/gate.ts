import type { Context, Middleware } from 'koa';
import { isOwnPath } from '../core/gate/own-path.js';
import { rememberAddress } from './address.js';
import { endLogin } from './end-login.js';
import { orErrorPage } from './error-pages.js';
import { openLogin } from './open-login.js';
import type { Services } from './services.js';
import { wayOf } from './step.js';
import { turnAway } from './turn-away.js';
import { decisionOf, type Visitors } from './visitor.js';

/**
 * The gate: on every request it asks whose session this is and decides from facts, never from the URL of a
 * login. `ownPages` answers below our mount.
 */
export function gate(services: Services, visitors: Visitors, ownPages: Middleware): Middleware {
  const { mount } = services;
  return (ctx, next) =>
    rememberAddress(ctx, async () => {
      if (ctx.path === mount || ctx.path.startsWith(`${mount}/`)) return ownPages(ctx, next);
      // Only our own part: what the panel's pages throw is the panel's.
      if (await orErrorPage(services.views, ctx, () => admit(services, visitors, ctx))) await next();
    });
}

/** True when the panel may answer; otherwise the answer is already in the context. */
async function admit(services: Services, visitors: Visitors, ctx: Context): Promise<boolean> {
  const { host, mount } = services;
  const place = host.admits(ctx);
  if (place === 'static' || place === 'open') return true;
  const visitor = await visitors.of(ctx);
  if (visitor.kind === 'refused') {
    await turnAway(services, ctx, visitor);
    return false;
  }
  switch (decisionOf(visitor, { place, path: ctx.path })) {
    case 'pass':
      return true;
    case 'to-login':
      host.sendTo(ctx, host.loginPath());
      return false;
    case 'to-home':
      if (visitor.kind === 'session') host.sendTo(ctx, host.homePath(visitor.session.account));
      return false;
    case 'to-step':
    case 'explain':
      if (visitor.kind === 'panel-step') host.sendTo(ctx, wayOf(services, visitor));
      return false;
    case 'ask-code':
      if (visitor.kind !== 'anonymous' && visitor.actorFactor.kind === 'active') {
        const opened = await openLogin(
          services,
          visitor,
          visitor.actorFactor.factor,
          place === 'protected' && host.mayLeadTo?.(ctx) !== false ? destination(ctx) : undefined,
        );
        if (opened.kind === 'open') host.sendTo(ctx, `${mount}/login`);
        else await endLogin(services, ctx, visitor, opened.because);
      }
      return false;
    case 'enrol':
      host.sendTo(ctx, `${mount}/settings`);
      return false;
    case 'end-session':
      if (visitor.kind !== 'anonymous') await endLogin(services, ctx, visitor, 'expired');
      return false;
  }
}

/** Where somebody was going: only a page that a browser asked for as a document, by GET and on our own origin. */
function destination(ctx: Context): string | undefined {
  const isDocument = ctx.get('Sec-Fetch-Dest') === 'document' || ctx.get('Sec-Fetch-Dest') === '';
  return ctx.method === 'GET' && isDocument && isOwnPath(ctx.url) && ctx.accepts('html')
    ? ctx.url
    : undefined;
}
