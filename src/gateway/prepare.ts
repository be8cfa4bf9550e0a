import type { Context, Middleware } from 'koa';
import type { Logger } from 'pino';
import type { GatewayHost, UpstreamRefusal, UpstreamRequest } from '../hosts/gateway-host.js';
import { PageError } from '../index.js';

/** Asks the host what of each request goes to the panel, before anybody else looks at it. */
export class Preparation {
  readonly #host: Pick<GatewayHost, 'prepare'>;
  readonly #log: Logger;
  readonly #prepared = new WeakMap<Context, UpstreamRequest>();

  constructor(host: Pick<GatewayHost, 'prepare'>, log: Logger) {
    this.#host = host;
    this.#log = log;
  }

  readonly middleware: Middleware = async (ctx, next) => {
    const request = await this.#prepare(ctx);
    if (request.kind === 'refused') return this.#refuse(ctx, request);
    this.#prepared.set(ctx, request);
    await next();
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

  #refuse(ctx: Context, { status, reason, answer }: UpstreamRefusal): void {
    this.#log.warn({ method: ctx.method, path: ctx.path, status, reason, address: ctx.ip }, 'refused');
    if (!answer) throw new PageError(status, 'error.refused');
    ctx.status = status;
    ctx.set('Cache-Control', 'no-store');
    ctx.type = answer.type;
    ctx.body = answer.body;
  }
}
