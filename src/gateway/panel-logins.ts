import type { Context } from 'koa';
import type { GatewayHost, LoginResult, PanelAnswer } from '../hosts/gateway-host.js';
import { type Log, PageError } from '../index.js';
import type { OnAnswer } from './kept-session.js';
import type { LoginAttempt, LoginLimit } from './login-limit.js';
import { refuse } from './refusal.js';

type Host = Pick<GatewayHost, 'isLogin' | 'answerLogin' | 'loginResult'>;

/** Too many at once, or no answer in time. Whoever leaves earlier or holds his request open keeps what he has asked counted. */
const UNANSWERED = [429, 502, 504];

/** Sends logins to the panel as far as the client's limit allows, everything else always; logs what was refused. */
export class PanelLogins {
  readonly #host: Host;
  readonly #limit: LoginLimit;
  readonly #log: Pick<Log, 'warn'>;

  constructor(host: Host, limit: LoginLimit, log: Pick<Log, 'warn'>) {
    this.#host = host;
    this.#limit = limit;
    this.#log = log;
  }

  /** `send` is to call what it is given with the head of the panel's answer. */
  async pass(ctx: Context, send: (onAnswer: OnAnswer) => Promise<void>): Promise<void> {
    if (!this.#host.isLogin(ctx)) return send(() => undefined);
    const attempt = await this.#admit(ctx);
    try {
      if (await this.#answered(ctx, attempt)) return;
      let answer: PanelAnswer | undefined;
      let result: LoginResult | undefined;
      const listen = () => {
        if (!answer || result) return;
        result = this.#host.loginResult(ctx, answer);
        this.#settle(ctx, attempt, result);
      };
      await send((head) => {
        answer = head;
        listen();
      });
      listen();
    } catch (error) {
      // The panel has said nothing, and will say nothing to this client.
      if (error instanceof PageError && UNANSWERED.includes(error.status))
        this.#settle(ctx, attempt, 'neither');
      throw error;
    } finally {
      await attempt.settle('wrong');
    }
  }

  /** True when the host has answered the login itself. */
  async #answered(ctx: Context, attempt: LoginAttempt): Promise<boolean> {
    const own = await this.#host.answerLogin(ctx).catch((cause: unknown) => {
      this.#settle(ctx, attempt, 'neither');
      throw new PageError(503, 'error.store', { cause });
    });
    if (!own) return false;
    this.#settle(ctx, attempt, own.result);
    refuse(ctx, own.refusal, this.#log);
    return true;
  }

  #settle(ctx: Context, attempt: LoginAttempt, result: LoginResult | undefined): void {
    if (result === undefined) return;
    if (result === 'wrong') this.#refused(ctx, 'wrong-password');
    attempt
      .settle(result === 'wrong' ? 'wrong' : 'right')
      .catch((error: unknown) => ctx.app.emit('error', error, ctx));
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
