import type { Context } from 'koa';
import type { GatewayHost, PanelAnswer } from '../hosts/gateway-host.js';
import { type Log, PageError } from '../index.js';
import type { LoginAttempt, LoginLimit } from './login-limit.js';

type OnAnswer = (answer: PanelAnswer) => void;

/** Sends logins to the panel as far as the client's limit allows, everything else always; logs what was refused. */
export class PanelLogins {
  readonly #host: Pick<GatewayHost, 'isLogin' | 'loginResult'>;
  readonly #limit: LoginLimit;
  readonly #log: Pick<Log, 'warn'>;

  constructor(host: Pick<GatewayHost, 'isLogin' | 'loginResult'>, limit: LoginLimit, log: Pick<Log, 'warn'>) {
    this.#host = host;
    this.#limit = limit;
    this.#log = log;
  }

  /** `send` is to call what it is given with the head of the panel's answer. */
  async pass(ctx: Context, send: (onAnswer: OnAnswer) => Promise<void>): Promise<void> {
    if (!this.#host.isLogin(ctx)) return send(() => undefined);
    const attempt = await this.#admit(ctx);
    const fail = (error: unknown) => ctx.app.emit('error', error, ctx);
    try {
      await send((answer) => {
        const isWrong = this.#host.loginResult(ctx, answer) === 'wrong';
        if (isWrong) this.#refused(ctx, 'wrong-password');
        attempt.settle(isWrong ? 'wrong' : 'right').catch(fail);
      });
    } catch (error) {
      // The panel cannot have looked at it. In all other cases it may have: what was asked stays counted.
      if (error instanceof PageError && error.status === 502) await attempt.settle('right').catch(fail);
      throw error;
    } finally {
      await attempt.settle('wrong');
    }
  }

  async #admit(ctx: Context): Promise<LoginAttempt> {
    const admission = await this.#limit.admit(ctx.ip);
    if (admission.admitted) return admission.attempt;
    this.#refused(ctx, 'too-many-passwords');
    ctx.set('Retry-After', String(admission.retryAfterSeconds));
    throw new PageError(429, 'error.too-many-logins');
  }

  /** The name that was typed is the panel's business, and often a password. */
  #refused(ctx: Context, reason: 'wrong-password' | 'too-many-passwords'): void {
    const event = 'panel-login.refused';
    this.#log.warn({ event, address: ctx.ip, reason }, `panel-2fa: ${event} from ${ctx.ip}: ${reason}`);
  }
}
