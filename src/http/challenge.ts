import type { Context } from 'koa';
import type { LoginLook } from '../hosts/panel-host.js';
import { csrfToken } from './csrf.js';
import { durationText } from './duration.js';
import { endLogin } from './end-login.js';
import { field, formOf } from './forms.js';
import { loginLimit, loginRefund } from './login-limit.js';
import { openLogin } from './open-login.js';
import { alertOf, type Refusal, setRefused } from './refusals.js';
import type { PendingVisitor } from './routes.js';
import type { Services } from './services.js';
import type { Visitors } from './visitor.js';

const OWN_LOOK: LoginLook = { styleSheets: [] };

/** The page between the right password and the panel: one field for a code or a recovery code. */
export class ChallengePages {
  readonly #services: Services;
  readonly #visitors: Visitors;

  constructor(services: Services, visitors: Visitors) {
    this.#services = services;
    this.#visitors = visitors;
  }

  async show(ctx: Context, visitor: PendingVisitor): Promise<void> {
    const { factor } = visitor;
    const locked = factor.lockedUntil !== undefined && factor.lockedUntil > this.#services.clock();
    await this.#render(ctx, visitor, locked ? { kind: 'locked', until: factor.lockedUntil } : undefined);
  }

  async submit(ctx: Context, visitor: PendingVisitor): Promise<void> {
    const { login, host } = this.#services;
    const typed = field(formOf(ctx), 'code');
    const tooMany = await loginLimit(this.#services, visitor);
    if (tooMany) return this.#render(ctx, visitor, tooMany);
    const outcome = await login.submit(visitor, visitor.factor, typed);
    if (outcome.kind === 'cleared' || outcome.kind === 'busy') await loginRefund(this.#services, visitor);
    switch (outcome.kind) {
      case 'cleared':
        this.#visitors.clear(ctx, visitor.session, visitor.factor.generation);
        host.sendTo(ctx, outcome.returnTo || host.homePath(visitor.session.account));
        return;
      case 'over':
        return endLogin(this.#services, ctx, visitor, outcome.because);
      default:
        return this.#render(ctx, visitor, outcome);
    }
  }

  async cancel(ctx: Context, visitor: PendingVisitor): Promise<void> {
    await this.#services.login.cancel(visitor, visitor.factor);
    await endLogin(this.#services, ctx, visitor, 'cancelled');
  }

  /** Better a code page without the panel's look than none at all. */
  async #look(ctx: Context): Promise<LoginLook> {
    try {
      return (await this.#services.host.loginLook?.(ctx)) ?? OWN_LOOK;
    } catch (error) {
      ctx.app.emit('error', error, ctx);
      return OWN_LOOK;
    }
  }

  async #render(ctx: Context, visitor: PendingVisitor, refusal: Refusal | undefined): Promise<void> {
    const { views, keys, clock, contact } = this.#services;
    const opened = await openLogin(this.#services, visitor, visitor.factor);
    if (opened.kind === 'over') return endLogin(this.#services, ctx, visitor, opened.because);
    const { pending } = opened;
    const language = views.language(ctx, visitor.session.actor);
    const t = views.translate(language);
    const now = clock();
    const alert = refusal && alertOf(t, refusal, now);
    if (alert) setRefused(ctx, alert);
    const { period } = visitor.factor;
    const look = await this.#look(ctx);
    ctx.type = 'html';
    ctx.body = views.render('challenge', language, {
      look,
      csrf: csrfToken(keys, visitor.session, 'login'),
      account: visitor.session.actor.name,
      alert,
      contact,
      triesLeft: pending.triesLeft,
      timeLeft: durationText(t, pending.expiresAt - now),
      period,
      nextCodeSeconds: period - (Math.floor(now / 1000) % period),
    });
  }
}
