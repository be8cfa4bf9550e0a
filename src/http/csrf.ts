import { createHmac, timingSafeEqual } from 'node:crypto';
import type { Context } from 'koa';
import { keyText, type PanelSession } from '../core/account/account.js';
import type { KeyRing } from '../core/keys/key-ring.js';

export const CSRF_FIELD = 'twofa_csrf';

/** What a token is good for; a token of one form does not work on another. */
export type CsrfPurpose = 'login' | 'settings' | `account/${string}`;

/** `<key id>.<mac>` over session id, session start, account and purpose (OWASP: HMAC-based token pattern). */
export function csrfToken(keys: KeyRing, session: PanelSession, purpose: CsrfPurpose): string {
  return tokenWith(keys.active('csrf'), keys.activeId, session, purpose);
}

export function csrfMatches(
  keys: KeyRing,
  session: PanelSession,
  purpose: CsrfPurpose,
  given: string,
): boolean {
  const keyId = given.split('.', 1)[0] ?? '';
  const key = keys.find('csrf', keyId);
  if (!key) return false;
  const expected = Buffer.from(tokenWith(key, keyId, session, purpose));
  const actual = Buffer.from(given);
  return actual.length === expected.length && timingSafeEqual(actual, expected);
}

/**
 * Was this request made by a page of our own origin? `Origin` must equal it, port included; without one,
 * `Sec-Fetch-Site` must not say that another site asked.
 */
export function isSameOrigin(ctx: Context, publicOrigin: string): boolean {
  const origin = ctx.get('Origin');
  if (origin !== '') return origin === publicOrigin;
  return !['cross-site', 'same-site'].includes(ctx.get('Sec-Fetch-Site'));
}

function tokenWith(key: Buffer, keyId: string, session: PanelSession, purpose: CsrfPurpose): string {
  const text = JSON.stringify([session.id, session.start, keyText(session.account), purpose]);
  return `${keyId}.${createHmac('sha256', key).update(text).digest('base64url')}`;
}
