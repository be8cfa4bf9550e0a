import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import { keyText, type PanelSession } from '../core/account/account.js';
import type { KeyRing } from '../core/keys/key-ring.js';

export const CSRF_FIELD = 'twofa_csrf';

/** What a token is good for; a token of one form does not work on another. */
export type CsrfPurpose = 'login' | 'settings' | `account/${string}`;

const TOKEN = /^([0-9a-f]{8})\.([A-Za-z0-9_-]{22})\.([A-Za-z0-9_-]{43})$/;

/**
 * `<key id>.<form id>.<mac>`, the MAC over session id, session start, account, actor, purpose and form id (OWASP: HMAC-based
 * token pattern). The form id is random, so that a form that is sent twice is told from one that is filled in twice.
 */
export function csrfToken(keys: KeyRing, session: PanelSession, purpose: CsrfPurpose): string {
  const formId = randomBytes(16).toString('base64url');
  const mac = macOf(keys.active('csrf'), session, purpose, formId);
  return `${keys.activeId}.${formId}.${mac.toString('base64url')}`;
}

export function csrfMatches(
  keys: KeyRing,
  session: PanelSession,
  purpose: CsrfPurpose,
  given: string,
): boolean {
  const [, keyId = '', formId = '', mac = ''] = TOKEN.exec(given) ?? [];
  const key = keys.find('csrf', keyId);
  if (!key) return false;
  const bytes = Buffer.from(mac, 'base64url');
  // One spelling per token: another spelling of its last character would be another form.
  if (bytes.toString('base64url') !== mac) return false;
  return timingSafeEqual(bytes, macOf(key, session, purpose, formId));
}

function macOf(key: Buffer, session: PanelSession, purpose: CsrfPurpose, formId: string): Buffer {
  const { id, start, account, actor } = session;
  const text = JSON.stringify([id, start, keyText(account), keyText(actor), purpose, formId]);
  return createHmac('sha256', key).update(text).digest();
}
