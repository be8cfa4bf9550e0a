import type { IncomingMessage } from 'node:http';
import type { Context, Middleware } from 'koa';
import { announcesBody } from '../hosts/end-to-end.js';
import type { GatewayHost } from '../hosts/gateway-host.js';
import { PageError } from '../index.js';

/** How long the rest of a body may still come in after the answer was sent. */
const LINGER_MILLISECONDS = 30_000;

interface Fault {
  readonly status: number;
  readonly reason: string;
}

/**
 * What is wrong with the frame of a request, beyond what node's strict parser refuses: anything two programs in a
 * row could read differently. `takesBody`: somebody reads the body of a GET of this path.
 */
function faultOf(req: IncomingMessage, takesBody: boolean): Fault | undefined {
  const { method = '', url = '', headers } = req;
  const coding = headers['transfer-encoding'];
  if (countOf(req, 'host') !== 1) return { status: 400, reason: 'not exactly one host' };
  if (!url.startsWith('/')) return { status: 400, reason: 'target is not in origin form' };
  if (method === 'TRACE' || method === 'CONNECT') return { status: 405, reason: 'method' };
  if (headers.upgrade !== undefined) return { status: 501, reason: 'upgrade' };
  if (coding !== undefined && coding.toLowerCase() !== 'chunked') return { status: 501, reason: 'coding' };
  if (coding !== undefined && req.httpVersion !== '1.1') return { status: 400, reason: 'coding in HTTP/1.0' };
  if (coding !== undefined && headers['content-length'] !== undefined)
    return { status: 400, reason: 'framing' };
  if ((method === 'GET' || method === 'HEAD') && announcesBody(headers) && !(takesBody && method === 'GET')) {
    return { status: 400, reason: `${method} with a body` };
  }
  return undefined;
}

/** Refuses such requests together with their connection, and ends connections whose client goes on sending. */
export function framing(
  host: Pick<GatewayHost, 'takesBodyInGet'>,
  onFault: (ctx: Context, fault: Fault) => void,
): Middleware {
  return async (ctx, next) => {
    const { req, res } = ctx;
    const fault = faultOf(req, host.takesBodyInGet(ctx));
    if (fault) {
      onFault(ctx, fault);
      ctx.set('Connection', 'close');
      throw new PageError(fault.status, 'error.refused');
    }
    if (announcesBody(req.headers)) res.once('finish', () => linger(req));
    await next();
  };
}

function linger(req: IncomingMessage): void {
  if (req.complete) return;
  const { socket } = req;
  setTimeout(() => {
    if (!req.complete) socket.destroy();
  }, LINGER_MILLISECONDS).unref();
}

function countOf(req: IncomingMessage, name: string): number {
  let count = 0;
  for (let i = 0; i < req.rawHeaders.length; i += 2) {
    if (req.rawHeaders[i]?.toLowerCase() === name) count += 1;
  }
  return count;
}
