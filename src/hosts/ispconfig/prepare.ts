import type { Context } from 'koa';
import { endToEnd, type Headers } from '../end-to-end.js';
import type { UpstreamRefusal, UpstreamRequest } from '../gateway-host.js';
import { NOTHING_OPEN, type OpenPaths } from '../open-paths.js';
import { isEditable, NOTICE_PARAMETER } from './pages/pages.js';
import { admissionOf, badTarget, isLoginPage, isRemoteApi } from './pages/paths.js';
import { cookieHeader, foreignCookies } from './sessions/session-cookie.js';
import type { Sessions } from './sessions/sessions.js';

const METHODS = ['GET', 'HEAD', 'POST'];

/** Where somebody says which address, host or method he wants to have; `proxy` becomes HTTP_PROXY in CGI. */
const CLAIMS =
  /^(?:forwarded|x-forwarded(?:-.*)?|x-real-ip|(?:x-|true-)?client-ip|x-cluster-client-ip|cf-.*|fastly-.*|x-original-.*|x-rewrite-.*|x-http-method.*|x-method-override|proxy|via)$/;

/** Why a well-framed request must not even be examined; undefined if it may. */
export function refusalOf(ctx: Context, paths = NOTHING_OPEN): UpstreamRefusal | undefined {
  const { method, path } = ctx;
  const methods = paths.methodsOf(path) ?? METHODS;
  const isForeign = paths.passesThrough(path) || isRemoteApi(path);
  if (!methods.includes(method) && !isForeign) return refused(405, `the method ${method}`);
  const bad = badTarget(ctx.req.url ?? '', paths);
  return bad ? refused(400, bad) : undefined;
}

/** The request as the panel gets it: its one session cookie, the believed address, nothing that is ours. */
export function forwarded(
  ctx: Context,
  sessions: Sessions,
  publicUrl: URL,
  paths = NOTHING_OPEN,
): UpstreamRequest {
  const headers = clientHeaders(ctx);
  if (isEditable(ctx.path)) delete headers['accept-encoding'];
  return {
    kind: 'forward',
    target: targetOf(ctx),
    headers: { ...headers, ...addressHeaders(ctx, publicUrl) },
    cookie: () => cookieOf(ctx, paths, sessions),
  };
}

/** What tells the panel whose request it is; the web server behind us takes the address from it. */
export function addressHeaders(ctx: Context, publicUrl: URL): Record<string, string> {
  return {
    host: publicUrl.host,
    'x-forwarded-for': ctx.ip,
    'x-real-ip': ctx.ip,
    'x-forwarded-proto': publicUrl.protocol.slice(0, -1),
  };
}

function refused(status: number, reason: string): UpstreamRefusal {
  return { kind: 'refused', status, reason };
}

/** The panel gets its session only, and what is not the panel gets everything but that. */
async function cookieOf(ctx: Context, paths: OpenPaths, sessions: Sessions): Promise<string | undefined> {
  const admission = admissionOf(ctx, paths);
  if (admission === 'open') return foreignCookies(ctx.req.headers.cookie);
  if (admission === 'static' || isRemoteApi(ctx.path)) return undefined;
  return panelCookie(ctx, sessions);
}

/** A login of who is not inside yet brings no session: the panel is to make one that nobody else can know. */
async function panelCookie(ctx: Context, sessions: Sessions): Promise<string | undefined> {
  const visit = await sessions.of(ctx);
  const logsIn = visit.kind !== 'session' && ctx.method === 'POST' && isLoginPage(ctx.path);
  return logsIn ? undefined : cookieHeader(visit.cookie);
}

/** What the client sends to the panel itself. An underscore is a dash to CGI, so a name with one could pass for any other. */
function clientHeaders(ctx: Context): Headers {
  const headers = endToEnd(ctx.req.headers);
  for (const name of Object.keys(headers)) {
    if (name === 'cookie' || name.includes('_') || CLAIMS.test(name)) delete headers[name];
  }
  return headers;
}

/** Path and query; on the login page without our notice, as PHP-IDS looks at every parameter. */
function targetOf(ctx: Context): string {
  const url = ctx.req.url as string;
  if (!isLoginPage(ctx.path)) return url;
  const kept = ctx.querystring.split('&').filter((part) => part !== '' && !part.startsWith(NOTICE_PARAMETER));
  return kept.length === 0 ? ctx.path : `${ctx.path}?${kept.join('&')}`;
}
