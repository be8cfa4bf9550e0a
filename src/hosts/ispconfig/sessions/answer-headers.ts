import type { Context } from 'koa';
import type { PanelAnswer } from '../../gateway-host.js';
import { isReserved, SESSION_COOKIE } from './session-cookie.js';

/**
 * The headers of the panel's answer for the client. PHP behind us does not see https, so its cookie lacks `Secure`; and
 * the web server completes directories with its own scheme and port. What is foreign to the panel must set neither its
 * session nor our cookies.
 */
export function clientHeaders(
  ctx: Context,
  answer: PanelAnswer,
  publicUrl: URL,
  isForeign = false,
): Record<string, string | string[]> {
  const headers: Record<string, string | string[]> = {};
  for (const [name, value] of Object.entries(answer.headers)) {
    if (value === undefined) continue;
    if (name === 'set-cookie') {
      const cookies = [value].flat().flatMap((cookie) => cookieForClient(cookie, publicUrl, isForeign));
      if (cookies.length > 0) headers[name] = cookies;
    } else if (name === 'location') headers[name] = ownLocation(String(value), ctx.path, publicUrl);
    else headers[name] = value;
  }
  return headers;
}

function cookieForClient(cookie: string, publicUrl: URL, isForeign: boolean): string[] {
  const name = cookie.split('=', 1)[0] as string;
  if (isForeign || name.trim() !== SESSION_COOKIE) return isReserved(name) ? [] : [cookie];
  const isSecure = /;\s*secure\s*(?:;|$)/i.test(cookie);
  return [publicUrl.protocol === 'https:' && !isSecure ? `${cookie}; Secure` : cookie];
}

function ownLocation(location: string, path: string, publicUrl: URL): string {
  const target = URL.canParse(location) ? new URL(location) : undefined;
  if (!target || target.hostname !== publicUrl.hostname) return location;
  const isOwn = target.host === publicUrl.host || target.pathname === `${path}/`;
  return isOwn ? target.pathname + target.search : location;
}
