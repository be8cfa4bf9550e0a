import type { Context, Middleware } from 'koa';
import type { Decision, Place } from '../core/gate/decision.js';
import { isOwnPath } from '../core/gate/own-path.js';
import { rememberAddress } from './address.js';
import { endLogin, toLogin } from './end-login.js';
import { orErrorPage } from './error-pages.js';
import { mayHaveBody, type Refusal, withHeldBody } from './held-body.js';
import { openLogin } from './open-login.js';
import type { Services } from './services.js';
import { wayOf } from './step.js';
import { turnAway } from './turn-away.js';
import { decisionOf, type RefusedVisitor, sameVisitor, type Visitor, type Visitors } from './visitor.js';

/**
 * The gate: on every request it asks whose session this is and decides from facts, never from the URL of a
 * login. `ownPages` answers below our mount. A body goes to the panel's page behind it when the decision was taken again.
 */
export function gate(services: Services, visitors: Visitors, ownPages: Middleware): Middleware {
  const { mount } = services;
  return (ctx, next) =>
    rememberAddress(ctx, async () => {
      if (ctx.path === mount || ctx.path.startsWith(`${mount}/`)) return ownPages(ctx, next);
      // Only our own part: what the panel's pages throw is the panel's.
      if (!(await orErrorPage(services.views, ctx, () => admit(services, visitors, ctx)))) return;
      if (!mayHaveBody(ctx.req)) return next();
      const decideAgain = (partly: boolean) => refusalNow(services, visitors, ctx, partly);
      const refusal = await withHeldBody(ctx, decideAgain, next);
      if (refusal) await answerInstead(services, ctx, refusal);
    });
}

/** True when the panel may answer; otherwise the answer is already in the context. */
async function admit(services: Services, visitors: Visitors, ctx: Context): Promise<boolean> {
  const place = services.host.admits(ctx);
  if (place === 'static' || place === 'open') return true;
  const visitor = await visitors.of(ctx);
  if (visitor.kind === 'refused') {
    await turnAway(services, ctx, visitor);
    return false;
  }
  const decision = decisionOf(visitor, { place, path: ctx.path });
  if (decision === 'pass') return true;
  await refuse(services, ctx, visitor, decision, place);
  return false;
}

/**
 * What to answer instead, when facts of now lead to another decision than those of the head, or are about somebody else. Whose
 * body went out in part loses his session first, so that nothing can be done in it with that part.
 */
async function refusalNow(
  services: Services,
  visitors: Visitors,
  ctx: Context,
  partly: boolean,
): Promise<Refusal | undefined> {
  try {
    const place = services.host.admits(ctx);
    if (place === 'static' || place === 'open') return undefined;
    const before = await visitors.of(ctx);
    const visitor = await visitors.again(ctx);
    if (visitor.kind === 'refused') {
      if (partly) await services.host.endSession(ctx, visitor.session);
      return () => turnAway(services, ctx, visitor);
    }
    const decision = decisionOf(visitor, { place, path: ctx.path });
    if (decision === 'pass' && sameVisitor(before, visitor)) return undefined;
    if (partly && visitor.kind !== 'anonymous') {
      await services.host.endSession(ctx, visitor.session);
      return () => toLogin(services, ctx);
    }
    if (decision !== 'pass') return () => refuse(services, ctx, visitor, decision, place);
    return async () => services.host.sendTo(ctx, startOf(services, visitor));
  } catch (error) {
    return () => Promise.reject(error);
  }
}

/** Where somebody goes on with the session that he has now. */
function startOf(services: Services, visitor: Exclude<Visitor, RefusedVisitor>): string {
  switch (visitor.kind) {
    case 'anonymous':
      return services.host.loginPath();
    case 'session':
      return services.host.homePath(visitor.session.account);
    case 'panel-step':
      return wayOf(services, visitor);
  }
}

/** The reader of the body waits in vain: when it is whole, he is told by the end of the connection. */
async function answerInstead(services: Services, ctx: Context, refusal: Refusal): Promise<void> {
  const { req, res } = ctx;
  // The panel began to answer before the body was complete.
  if (ctx.headerSent) {
    res.destroy();
    return;
  }
  if (req.complete) {
    ctx.set('Connection', 'close');
    res.once('close', () => req.destroy());
  }
  await orErrorPage(services.views, ctx, refusal);
}

async function refuse(
  services: Services,
  ctx: Context,
  visitor: Exclude<Visitor, RefusedVisitor>,
  decision: Exclude<Decision, 'pass'>,
  place: Place,
): Promise<void> {
  const { host, mount } = services;
  switch (decision) {
    case 'to-login':
      return host.sendTo(ctx, host.loginPath());
    case 'to-home':
      if (visitor.kind === 'session') host.sendTo(ctx, host.homePath(visitor.session.account));
      return;
    case 'to-step':
    case 'explain':
      if (visitor.kind === 'panel-step') host.sendTo(ctx, wayOf(services, visitor));
      return;
    case 'ask-code':
      if (visitor.kind !== 'anonymous' && visitor.actorFactor.kind === 'active') {
        const opened = await openLogin(
          services,
          visitor,
          visitor.actorFactor.factor,
          place === 'protected' && host.mayLeadTo?.(ctx) !== false ? destination(ctx) : undefined,
        );
        if (opened.kind === 'over') await endLogin(services, ctx, visitor, opened.because);
        else host.sendTo(ctx, `${mount}/login`);
      }
      return;
    case 'enrol':
      return host.sendTo(ctx, `${mount}/settings`);
    case 'end-session':
      if (visitor.kind !== 'anonymous') await endLogin(services, ctx, visitor, 'expired');
      return;
  }
}

/** Where somebody was going: only a page that a browser asked for as a document, by GET and on our own origin. */
function destination(ctx: Context): string | undefined {
  const isDocument = ctx.get('Sec-Fetch-Dest') === 'document' || ctx.get('Sec-Fetch-Dest') === '';
  return ctx.method === 'GET' && isDocument && isOwnPath(ctx.url) && ctx.accepts('html')
    ? ctx.url
    : undefined;
}
