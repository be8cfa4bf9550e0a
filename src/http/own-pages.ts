import type { Middleware } from 'koa';
import compose from 'koa-compose';
import { AccountsPages } from './accounts.js';
import type { Assets } from './assets.js';
import { ChallengePages } from './challenge.js';
import { endLogin } from './end-login.js';
import { errorPages } from './error-pages.js';
import { securityHeaders } from './headers.js';
import { showHealth, showReadiness } from './health.js';
import { noSuchPage, ownRoutes } from './routes.js';
import type { Services } from './services.js';
import { SettingsPages } from './settings.js';
import type { Slots } from './slots.js';
import { StepPages } from './step.js';
import type { Visitors } from './visitor.js';

/** All pages below our mount, by the names the manifest gives their routes. */
export function ownPages(services: Services, visitors: Visitors, slots: Slots, assets: Assets): Middleware {
  const challenge = new ChallengePages(services, visitors);
  const step = new StepPages(services);
  const settings = new SettingsPages(services, visitors, slots);
  const accounts = new AccountsPages(services, slots);
  const router = ownRoutes(services, visitors, {
    public: {
      health: (ctx) => showHealth(services, ctx),
      readiness: (ctx) => showReadiness(services, ctx),
      asset: (ctx) => assets.show(ctx),
    },
    pending: {
      'login.show': (ctx, visitor) => challenge.show(ctx, visitor),
      'login.submit': (ctx, visitor) => challenge.submit(ctx, visitor),
      'login.cancel': (ctx, visitor) => challenge.cancel(ctx, visitor),
    },
    step: {
      'step.show': (ctx, visitor) => step.show(ctx, visitor),
      'step.leave': (ctx, visitor) => step.leave(ctx, visitor),
    },
    self: {
      'settings.show': (ctx, visitor) => settings.show(ctx, visitor),
      'settings.begin': (ctx, visitor) => settings.begin(ctx, visitor),
      'settings.register': (ctx, visitor) => settings.register(ctx, visitor),
      'settings.save': (ctx, visitor) => settings.save(ctx, visitor),
      'settings.adopt': (ctx, visitor) => settings.adopt(ctx, visitor),
      'settings.renew': (ctx, visitor) => settings.renew(ctx, visitor),
      'settings.move': (ctx, visitor) => settings.move(ctx, visitor),
      'settings.abandon': (ctx, visitor) => settings.abandon(ctx, visitor),
      'session.end': (ctx, visitor) => endLogin(services, ctx, visitor),
    },
    admin: {
      'accounts.list': (ctx, visitor) => accounts.list(ctx, visitor),
      'accounts.show': (ctx, visitor) => accounts.show(ctx, visitor),
      'accounts.save': (ctx, visitor) => accounts.save(ctx, visitor),
    },
  });
  return compose([securityHeaders, errorPages(services.views), router.routes(), noSuchPage] as Middleware[]);
}
