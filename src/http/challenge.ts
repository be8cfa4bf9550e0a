import type { Context } from 'koa';
import type { LoginOutcome } from '../core/login/login.js';
import { readableName } from '../input/mail-name.js';
import { csrfToken } from './csrf.js';
import { durationText } from './duration.js';
import { endLogin } from './end-login.js';
import { field, formOf } from './forms.js';
import { loginLimit, loginRefund, type TooManyFromAddress } from './login-limit.js';
import { loginLook } from './login-look.js';
import { type FormPage, once } from './once.js';
import { openLogin } from './open-login.js';
import { alertOf, type Refusal, setRefused } from './refusals.js';
import type { PendingVisitor } from './routes.js';
import type { Services } from './services.js';
import type { Visitors } from './visitor.js';

/** The session has shown its factor already, in another tab or by the same form. */
type Inside = { readonly kind: 'inside' };
type Cleared = Extract<LoginOutcome, { kind: 'cleared' }>;
/** `generation`: the factor's that was shown. */
type CodeOutcome =
  | Inside
  | TooManyFromAddress
  | (Cleared & { readonly generation: string })
  | Exclude<LoginOutcome, Cleared>;
/** None of these is a wrong code. */
const UNCOUNTED: readonly LoginOutcome['kind'][] = ['cleared', 'cleared-before', 'busy'];
type CancelOutcome = Inside | { readonly kind: 'over'; readonly because: 'cancelled' };

/** The page between the right password and the panel: one field for a code or a recovery code. */
export class ChallengePages {
  readonly submit: FormPage<PendingVisitor>;
  readonly cancel: FormPage<PendingVisitor>;
  readonly #services: Services;
  readonly #visitors: Visitors;

  constructor(services: Services, visitors: Visitors) {
    this.#services = services;
    this.#visitors = visitors;
    this.submit = once(services, this.#judge.bind(this), this.#judged.bind(this));
    this.cancel = once(services, this.#cancel.bind(this), this.#cancelled.bind(this));
  }

  async show(ctx: Context, visitor: PendingVisitor): Promise<void> {
    const { factor } = visitor;
    const locked = factor.lockedUntil !== undefined && factor.lockedUntil > this.#services.clock();
    await this.#render(ctx, visitor, locked ? { kind: 'locked', until: factor.lockedUntil } : undefined);
  }

  async #judge(ctx: Context, visitor: PendingVisitor): Promise<CodeOutcome> {
    if (!visitor.waits) return { kind: 'inside' };
    const typed = field(formOf(ctx), 'code');
    const tooMany = await loginLimit(this.#services, visitor);
    if (tooMany) return tooMany;
    const outcome = await this.#services.login.submit(visitor, visitor.factor, typed);
    if (UNCOUNTED.includes(outcome.kind)) await loginRefund(this.#services, visitor);
    return outcome.kind === 'cleared' ? { ...outcome, generation: visitor.factor.generation } : outcome;
  }

  async #judged(ctx: Context, visitor: PendingVisitor, outcome: CodeOutcome): Promise<void> {
    const { host } = this.#services;
    const home = host.homePath(visitor.session.account);
    switch (outcome.kind) {
      case 'inside':
        return host.sendTo(ctx, home);
      case 'cleared':
        this.#visitors.clear(ctx, visitor.session, outcome.generation);
        return host.sendTo(ctx, outcome.returnTo || home);
      case 'over':
        return endLogin(this.#services, ctx, visitor, outcome.because);
      case 'cleared-before':
        return this.#goBack(ctx);
      default:
        return this.#render(ctx, visitor, outcome);
    }
  }

  async #cancel(_ctx: Context, visitor: PendingVisitor): Promise<CancelOutcome> {
    if (!visitor.waits) return { kind: 'inside' };
    await this.#services.login.cancel(visitor, visitor.factor);
    return { kind: 'over', because: 'cancelled' };
  }

  async #cancelled(ctx: Context, visitor: PendingVisitor, outcome: CancelOutcome): Promise<void> {
    const { host } = this.#services;
    if (outcome.kind === 'over') return endLogin(this.#services, ctx, visitor, outcome.because);
    host.sendTo(ctx, host.homePath(visitor.session.account));
  }

  /** To this page again: the browser may have the clearance by now, and then goes on into the panel. */
  #goBack(ctx: Context): void {
    this.#services.host.sendTo(ctx, `${this.#services.mount}/login`);
  }

  async #showCleared(ctx: Context, { session }: PendingVisitor): Promise<void> {
    const { views, keys, host } = this.#services;
    const look = await loginLook(this.#services, ctx);
    ctx.type = 'html';
    ctx.body = views.render('cleared', views.language(ctx, session.actor), {
      look,
      csrf: csrfToken(keys, session, 'login'),
      home: host.homePath(session.account),
    });
  }

  async #render(ctx: Context, visitor: PendingVisitor, refusal: Refusal | undefined): Promise<void> {
    const { views, keys, clock, contact } = this.#services;
    const opened = await openLogin(this.#services, visitor, visitor.factor);
    if (opened.kind === 'over') return endLogin(this.#services, ctx, visitor, opened.because);
    if (opened.kind === 'cleared-before') {
      return ctx.method === 'POST' ? this.#goBack(ctx) : this.#showCleared(ctx, visitor);
    }
    const { pending } = opened;
    const language = views.language(ctx, visitor.session.actor);
    const t = views.translate(language);
    const now = clock();
    const alert = refusal && alertOf(t, refusal, now);
    if (alert) setRefused(ctx, alert);
    const { period } = visitor.factor;
    const look = await loginLook(this.#services, ctx);
    ctx.type = 'html';
    ctx.body = views.render('challenge', language, {
      look,
      csrf: csrfToken(keys, visitor.session, 'login'),
      account: readableName(visitor.session.actor.name),
      alert,
      contact,
      triesLeft: pending.triesLeft,
      timeLeft: durationText(t, pending.expiresAt - now),
      period,
      nextCodeSeconds: period - (Math.floor(now / 1000) % period),
    });
  }
}
