import type { Context } from 'koa';
import { OPENER_COOKIES } from './opener-cookie.js';

/** The name of the panel's session cookie. */
export const SESSION_COOKIE = 'ISPCSESS';

/** Our clearance, with and without the prefix of https, and who opened a session: none of the panel's business. */
const OWN_COOKIES = ['panel-2fa', '__host-panel-2fa', ...OPENER_COOKIES];

const SESSION_ID = /^[A-Za-z0-9,-]{1,64}$/;
const PAIR = /^([!#$%&'*+.^_`|~0-9A-Za-z[\]-]+)=(.*)$/s;

/**
 * The session id of a Cookie header, its lines joined by `; ` as Node does, as the client spelled it. PHP takes more
 * than one spelling for its session cookie and chooses among several by rules that depend on the web server; so the
 * first one decides here. A first one that is no session id means no session: ASCII only, as the panel's column takes
 * an accented letter for the plain one.
 */
export function sessionIdOf(header: string | undefined): string | undefined {
  for (const part of (header ?? '').split(';')) {
    const [, name, value] = PAIR.exec(part.trim()) ?? [];
    if (name !== SESSION_COOKIE || value === undefined) continue;
    const id = decoded(value);
    return id !== undefined && SESSION_ID.test(id) ? id : undefined;
  }
  return undefined;
}

/**
 * The Cookie header for the panel: its session and no other, as its intrusion detection looks into every cookie
 * and shuts visitors out for what some of them hold. Undefined without a session.
 */
export function cookieHeader(sessionId: string | undefined): string | undefined {
  return sessionId === undefined ? undefined : `${SESSION_COOKIE}=${sessionId}`;
}

/** The panel leaves its cookie in the browser at a logout, for a year where it has a time-out. */
export function removeSessionCookie(ctx: Context): void {
  ctx.append('Set-Cookie', `${SESSION_COOKIE}=; Path=/; Max-Age=0; HttpOnly; SameSite=Lax`);
}

/** The Cookie header for another application behind the same address: all but the panel's session and what is ours. */
export function foreignCookies(header: string | undefined): string | undefined {
  const kept = (header ?? '').split(';').filter((part) => !isReserved(part.split('=', 1)[0] as string));
  return kept.length === 0 ? undefined : kept.join(';').trim();
}

/** Is this a name of ours, or one that PHP might take for its session cookie in any spelling? */
export function isReserved(name: string): boolean {
  const plain = (decoded(name) ?? '').trim().toLowerCase();
  return plain === '' || plain.startsWith(SESSION_COOKIE.toLowerCase()) || OWN_COOKIES.includes(plain);
}

function decoded(text: string): string | undefined {
  try {
    return decodeURIComponent(text);
  } catch {
    return undefined;
  }
}
