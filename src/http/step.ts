import type { Context } from 'koa';
import { readableName } from '../input/mail-name.js';
import { csrfToken } from './csrf.js';
import { endLogin } from './end-login.js';
import { loginLook } from './login-look.js';
import type { Services } from './services.js';
import type { StepVisitor } from './visitor.js';

/** Where somebody in a step of the panel goes on: to the step, or to our page about it when nobody knows it. */
export function wayOf({ mount }: Pick<Services, 'mount'>, { step }: StepVisitor): string {
  return step.paths[0] ?? `${mount}/step`;
}

/** The page for a login that a step of the panel keeps back: what it is, where nobody knows that, and the way out. */
export class StepPages {
  readonly #services: Services;

  constructor(services: Services) {
    this.#services = services;
  }

  async show(ctx: Context, { session, step }: StepVisitor): Promise<void> {
    const { views, keys, contact } = this.#services;
    const language = views.language(ctx, session.actor);
    const look = await loginLook(this.#services, ctx);
    const csrf = csrfToken(keys, session, 'login');
    ctx.type = 'html';
    ctx.body = views.render('step', language, {
      look,
      csrf,
      contact,
      account: readableName(session.actor.name),
      way: step.paths[0],
    });
  }

  leave(ctx: Context, visitor: StepVisitor): Promise<void> {
    return endLogin(this.#services, ctx, visitor);
  }
}
