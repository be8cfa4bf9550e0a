import type { Context, Middleware } from 'koa';
import type { Logger } from 'pino';
import {
  BodyRefused,
  type GatewayHost,
  type UpstreamRefusal,
  type UpstreamRequest,
} from '../hosts/gateway-host.js';
import { addressBucket, PageError, type RateLimiter } from '../index.js';
import { refuse } from './refusal.js';

/** Of one client: each is read in part before it is refused. */
const MOST_UNREADABLE = { limit: 60, windowSeconds: 60 } as const;

/** Asks the host what of each request goes to the panel, before anybody else looks at it. */
export class Preparation {
  readonly #host: Pick<GatewayHost, 'prepare'>;
  readonly #limiter: Pick<RateLimiter, 'spend'>;
  readonly #log: Logger;
  readonly #prepared = new WeakMap<Context, UpstreamRequest>();

  constructor(host: Pick<GatewayHost, 'prepare'>, limiter: Pick<RateLimiter, 'spend'>, log: Logger) {
    this.#host = host;
    this.#limiter = limiter;
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
    if (refusal.isUnreadable) await this.#countUnreadable(ctx);
    refuse(ctx, refusal, this.#log);
  }

  async #countUnreadable(ctx: Context): Promise<void> {
    const bucket = `unreadable/${addressBucket(ctx.ip)}`;
    const spend = await this.#limiter.spend(bucket, MOST_UNREADABLE);
    if (spend.allowed) return;
    ctx.set('Retry-After', String(spend.retryAfterSeconds));
    ctx.set('Connection', 'close');
    throw new PageError(429, 'error.too-many-requests');
  }
}
