import { EventEmitter } from 'node:events';
import type { ServerResponse } from 'node:http';
import { Readable, type Writable } from 'node:stream';
import type { Context } from 'koa';
import type { Logger } from 'pino';
import type { Dispatcher } from 'undici';
import { announcesBody, endToEnd, type Headers } from '../hosts/end-to-end.js';
import {
  type GatewayHost,
  type PageParts,
  PageWithheld,
  type PanelAnswer,
  type UpstreamRequest,
} from '../hosts/gateway-host.js';
import { type Asker, BODY_WITHHELD, beforeCut, PageError } from '../index.js';
import { requestHeaders } from './headers.js';
import { HeldPage } from './held-page.js';
import { PanelPlaces } from './panel-places.js';
import { sentBody, strangersBody } from './request-body.js';
import { asUpstreamError } from './upstream-error.js';

export interface ProxyOptions {
  readonly upstream: Dispatcher;
  readonly host: Pick<GatewayHost, 'admits' | 'answerHeaders' | 'editOf' | 'isLogin' | 'sendTo'>;
  readonly parts: PageParts;
  /** How long a body may take to come in. */
  readonly bodySeconds: number;
  readonly log: Logger;
}

/** For the body of a login, which others of the same client may wait for, and of whoever is not logged in. */
const SHORT_BODY_SECONDS = 30;

/** Carries requests to the panel and its answers back, as they stream. */
export class PanelProxy {
  readonly #options: ProxyOptions;
  readonly #places = new PanelPlaces();

  constructor(options: ProxyOptions) {
    this.#options = options;
  }

  /**
   * Resolves when the answer is sent, or when the client is gone. Rejects with a `PageError` when the panel gave no
   * answer, or when the asker has too much under way; an answer that breaks off breaks the client's connection.
   * `onAnswer` is told the head of the answer.
   */
  async forward(
    ctx: Context,
    request: UpstreamRequest,
    asker: Asker,
    onAnswer: (answer: PanelAnswer) => void,
  ): Promise<void> {
    const { req, res } = ctx;
    const { host, upstream, bodySeconds } = this.#options;
    const gone = new EventEmitter();
    let failure: Error | undefined;
    const stop = (error: Error) => {
      failure ??= error;
      gone.emit('abort');
    };
    const cut = (error: Error) => beforeCut(req).finally(() => stop(error));
    res.once('close', () => cut(new Error('The client is gone')));
    let withheld = false;
    req.once(BODY_WITHHELD, () => {
      withheld = true;
      stop(new Error('The gate refused the rest'));
    });
    const hasBody = announcesBody(req.headers);
    const isStranger = asker.account === undefined && host.admits(ctx) !== 'open';
    const isShort = isStranger || host.isLogin(ctx);
    const seconds = isShort ? Math.min(SHORT_BODY_SECONDS, bodySeconds) : bodySeconds;
    const late = () => req.complete || cut(new PageError(408, 'error.slow-body'));
    const timer = hasBody ? setTimeout(late, seconds * 1_000) : undefined;
    try {
      const read = (): Promise<Readable | Buffer> =>
        isStranger ? strangersBody(ctx, gone) : sentBody(ctx, gone);
      const body = request.body ?? (hasBody ? await this.#places.awaitBody(asker, read) : null);
      // The signal tells nobody who comes late.
      if (failure) throw failure;
      const cookie = await request.cookie();
      await this.#places.connect(asker, () =>
        upstream.stream(
          {
            path: request.target,
            method: (request.method ?? ctx.method) as Dispatcher.HttpMethod,
            headers: {
              ...requestHeaders(request.headers),
              ...(cookie && { cookie }),
              ...lengthOf(ctx, request, body),
            },
            body,
            signal: gone,
          },
          ({ statusCode, headers }) => {
            const answer = { status: statusCode, headers };
            onAnswer(answer);
            return this.#answer(ctx, answer);
          },
        ),
      );
    } catch (thrown) {
      const error = failure ?? thrown;
      // The gate answers, and may have begun to.
      if (withheld) throw error;
      if (res.headersSent || res.destroyed) this.#breakOff(ctx, error);
      else if (error instanceof PageWithheld) this.#withhold(ctx, error);
      else throw asUpstreamError(error);
    } finally {
      clearTimeout(timer);
      // What the panel no longer wanted to read; the framing makes sure that this ends.
      if (!request.body) req.unpipe().resume();
    }
  }

  #answer(ctx: Context, answer: PanelAnswer): Writable {
    const { host, parts, log } = this.#options;
    const headers = host.answerHeaders(ctx, { ...answer, headers: endToEnd(answer.headers) });
    const edit = isWholePage(ctx, answer.status) ? host.editOf(ctx, answer, parts) : undefined;
    const open = (head: Headers) => openAnswer(ctx, answer.status, head);
    if (!edit) return open(headers);
    return new HeldPage({
      edit,
      headers,
      open,
      onUnchanged: (reason) => log.warn({ path: ctx.path, reason }, 'page passed on without our part'),
    });
  }

  #withhold(ctx: Context, { message: reason, path }: PageWithheld): void {
    const { host, log } = this.#options;
    log.warn({ path: ctx.path, address: ctx.ip, reason }, 'page withheld');
    host.sendTo(ctx, path);
  }

  #breakOff(ctx: Context, error: unknown): void {
    const { log } = this.#options;
    const { code } = error as { code?: string };
    if (ctx.res.destroyed) log.debug({ path: ctx.path, code }, 'client gone');
    else log.warn({ path: ctx.path, code }, "the panel's answer broke off");
    ctx.respond = false;
    ctx.res.destroy();
  }
}

/** From here on the answer belongs to the proxy; headers that the gate has set stay, its cookies beside the panel's. */
function openAnswer(ctx: Context, status: number, headers: Headers): ServerResponse {
  const { res } = ctx;
  const ours = res.getHeader('set-cookie');
  if (ours !== undefined)
    headers['set-cookie'] = [ours as string | string[], headers['set-cookie'] ?? []].flat();
  ctx.respond = false;
  return res.writeHead(status, headers);
}

/** Has this answer a whole body that can be edited? */
function isWholePage(ctx: Context, status: number): boolean {
  return ctx.method !== 'HEAD' && ![204, 205, 206, 304].includes(status);
}

/** The length that undici holds the body to; a body of unknown length goes in chunks. */
function lengthOf(
  { req }: Context,
  request: UpstreamRequest,
  body: Readable | Buffer | null,
): Record<string, string> {
  if (!(body instanceof Readable)) return {};
  const length = request.body ? request.headers['content-length'] : req.headers['content-length'];
  return length === undefined ? {} : { 'content-length': String(length) };
}
