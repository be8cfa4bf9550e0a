import type { Context, Middleware } from 'koa';
import type { Logger } from 'pino';
import {
  BodyRefused,
  type GatewayHost,
  type UpstreamRefusal,
  type UpstreamRequest,
} from '../hosts/gateway-host.js';
import { PageError } from '../index.js';
import type { PanelLogins } from './panel-logins.js';
import { refuse } from './refusal.js';

/** Asks the host what of each request goes to the panel, before anybody else looks at it. */
export class Preparation {
  readonly #host: Pick<GatewayHost, 'prepare'>;
  readonly #logins: Pick<PanelLogins, 'countFailed'>;
  readonly #log: Logger;
  readonly #prepared = new WeakMap<Context, UpstreamRequest>();

  constructor(host: Pick<GatewayHost, 'prepare'>, logins: Pick<PanelLogins, 'countFailed'>, log: Logger) {
    this.#host = host;
    this.#logins = logins;
    this.#log = log;
  }

  readonly middleware: Middleware = async (ctx, next) => {
    const request = await this.#prepare(ctx);
    if (request.kind === 'refused') return this.#refuse(ctx, request);
    this.#prepared.set(ctx, request);
    try {
      await next();
    } catch (error) {
      if (!(error instanceof BodyRefused)) throw error;
      await this.#refuse(ctx, error.refusal);
    }
  };

  /** What to send, once the middleware has run. */
  of(ctx: Context): UpstreamRequest {
    const request = this.#prepared.get(ctx);
    if (!request) throw new Error('The request was not prepared');
    return request;
  }

  async #prepare(ctx: Context): Promise<UpstreamRequest | UpstreamRefusal> {
    try {
      return await this.#host.prepare(ctx);
    } catch (cause) {
      throw new PageError(503, 'error.store', { cause });
    }
  }

  async #refuse(ctx: Context, refusal: UpstreamRefusal): Promise<void> {
    if (refusal.mayBeLogin) await this.#logins.countFailed(ctx, 'unreadable-call');
    refuse(ctx, refusal, this.#log);
  }
}
