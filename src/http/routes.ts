import type { Context, Middleware, Next } from 'koa';
import Router from 'koa-router';
import type { Factor } from '../core/codes/factor.js';
import type { CsrfPurpose } from './csrf.js';
import { endLogin, toLogin } from './end-login.js';
import { formLimit } from './form-limit.js';
import { formBody, formOf } from './forms.js';
import { requireOwnForm } from './own-form.js';
import { PageError } from './page-error.js';
import type { Access, Services } from './services.js';
import { wayOf } from './step.js';
import { turnAway } from './turn-away.js';
import {
  decisionOf,
  type KnownVisitor,
  type SessionVisitor,
  type StepVisitor,
  type Visitors,
} from './visitor.js';

/** Somebody at the code page: a session whose actor has a factor. */
export type PendingVisitor = KnownVisitor & {
  readonly factor: Factor;
  /** False for a form that comes when the session has shown the factor already. */
  readonly waits: boolean;
};

/** A page by the name of its route in the manifest. What it is given depends on the route's access. */
export interface Pages {
  readonly public: Readonly<Record<string, (ctx: Context) => Promise<void> | void>>;
  readonly pending: Readonly<Record<string, (ctx: Context, visitor: PendingVisitor) => Promise<void>>>;
  readonly step: Readonly<Record<string, (ctx: Context, visitor: StepVisitor) => Promise<void>>>;
  readonly self: Readonly<Record<string, (ctx: Context, visitor: SessionVisitor) => Promise<void>>>;
  readonly admin: Readonly<Record<string, (ctx: Context, visitor: SessionVisitor) => Promise<void>>>;
}

/** Our own pages as the manifest declares them: a page without a route, or a route without a page, throws at start. */
export function ownRoutes(services: Services, visitors: Visitors, pages: Pages): Router {
  const { mount, routes } = services;
  const router = new Router({ prefix: mount, strict: true, sensitive: true });
  const names = new Set(Object.values(pages).flatMap((group) => Object.keys(group)));
  for (const route of routes) {
    names.delete(route.name);
    const handler = admitted(services, visitors, pages, route.access, route.name);
    if (route.method === 'GET') router.get(route.name, route.path, handler);
    else router.post(route.name, route.path, formBody, handler);
  }
  if (names.size > 0) throw new Error(`The manifest has no route for ${[...names].join(', ')}`);
  return router;
}

/** Answers what no page of ours answered, so that nothing below our mount reaches the panel. */
export const noSuchPage: Middleware = (ctx: Context, _next: Next) => {
  const isKnown = Array.isArray(ctx.matched) && ctx.matched.length > 0;
  throw isKnown ? new PageError(405, 'error.method') : new PageError(404, 'error.not-found');
};

function admitted(
  services: Services,
  visitors: Visitors,
  pages: Pages,
  access: Access,
  name: string,
): Middleware {
  const missing = () => new Error(`No page for the route ${name} with access ${access}`);
  if (!pages[access][name]) throw missing();
  if (access === 'public') return (ctx) => pages.public[name]?.(ctx);
  return async (ctx) => {
    // The form came in after the head, by which the host may have read the session already.
    const visitor = await (ctx.method === 'POST' ? visitors.again(ctx) : visitors.of(ctx));
    if (visitor.kind === 'refused') return turnAway(services, ctx, visitor);
    if (visitor.kind === 'anonymous') return toLogin(services, ctx);
    const decision = decisionOf(visitor, { place: 'protected', path: ctx.path });
    if (decision === 'end-session') return endLogin(services, ctx, visitor, 'expired');
    const pending = decision === 'ask-code';
    if (ctx.method === 'POST') {
      requireOwnForm(services, ctx, visitor.session, purposeOf(access, ctx), formOf(ctx));
      // Who leaves does so once, and while the store of the limits is away too.
      if (name !== 'session.end' && name !== 'step.leave') await formLimit(services, visitor);
    }
    if (access === 'pending') {
      if (visitor.actorFactor.kind !== 'active' || (!pending && ctx.method !== 'POST')) {
        const onward =
          visitor.kind === 'panel-step'
            ? wayOf(services, visitor)
            : services.host.homePath(visitor.session.account);
        return services.host.sendTo(ctx, onward);
      }
      const { factor } = visitor.actorFactor;
      return pages.pending[name]?.(ctx, { ...visitor, factor, waits: pending });
    }
    if (pending) return services.host.sendTo(ctx, `${services.mount}/login`);
    if (visitor.kind === 'panel-step') {
      if (access === 'step') return pages.step[name]?.(ctx, visitor);
      return services.host.sendTo(ctx, wayOf(services, visitor));
    }
    if (access === 'step') {
      return services.host.sendTo(ctx, services.host.homePath(visitor.session.account));
    }
    if (access === 'admin') {
      if (decision === 'enrol') return services.host.sendTo(ctx, `${services.mount}/settings`);
      if (visitor.session.account.role !== 'admin') throw new PageError(403, 'error.admins-only');
    }
    return pages[access][name]?.(ctx, visitor);
  };
}

function purposeOf(access: 'pending' | 'step' | 'self' | 'admin', ctx: Context): CsrfPurpose {
  switch (access) {
    case 'pending':
    case 'step':
      return 'login';
    case 'self':
      return 'settings';
    case 'admin':
      return `account/${ctx.params.realm}:${ctx.params.id}`;
  }
}
