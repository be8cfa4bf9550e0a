import { randomBytes } from 'node:crypto';
import speakeasy from 'speakeasy';
import type { Period } from './factor.js';

/**
 * The one place that calls speakeasy. Its `verifyDelta` compares `parseInt(token)`, takes windows and
 * encodings silently and accepts an empty secret; everything it gets is checked and typed here first.
 */

/** RFC 4226 §4 recommends 160 bits. */
export const SECRET_BYTES = 20;
const DIGITS = 6;
/** Steps accepted on either side of now (RFC 6238 §5.2). */
const WINDOW = 1;
/** Characters of issuer and account name in the key URI: of any script, a QR code (2331 bytes at level M) holds both. */
const LONGEST_LABEL = 60;
const CODE = /^\d{6}$/;
const BASE32 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';

export function newSecret(): Buffer {
  return randomBytes(SECRET_BYTES);
}

/** What a person typed as a code, without spaces and with full-width digits turned; not yet judged. */
export function normaliseCode(typed: string): string {
  return typed
    .replace(/[\s\u200e\u200f\u202a-\u202e\u2066-\u2069-]/g, '')
    .replace(/[\uff10-\uff19]/g, (digit) => String.fromCharCode(digit.charCodeAt(0) - 0xfee0));
}

export function isCode(normalised: string): boolean {
  return CODE.test(normalised);
}

/**
 * The time step a code belongs to (RFC 6238 §4.2), or undefined when it belongs to none of the steps around now.
 * `now` is in milliseconds since 1970, `period` in seconds.
 */
export function findStep(secret: Buffer, code: string, period: Period, now: number): number | undefined {
  if (secret.length !== SECRET_BYTES || !isCode(code)) return undefined;
  const counter = Math.floor(now / 1000 / period);
  const found = speakeasy.totp.verifyDelta({
    secret: secret.toString('hex'),
    encoding: 'hex',
    algorithm: 'sha1',
    digits: DIGITS,
    step: period,
    counter,
    window: WINDOW,
    token: code,
  });
  return found ? counter + found.delta : undefined;
}

/** RFC 4648 base32 without padding, as authenticator apps take it. */
export function base32(bytes: Uint8Array): string {
  const bits = Array.from(bytes, (byte) => byte.toString(2).padStart(8, '0')).join('');
  const groups = bits.match(/.{1,5}/g) ?? [];
  return groups.map((group) => BASE32[Number.parseInt(group.padEnd(5, '0'), 2)]).join('');
}

/** The key URI that a QR code carries (Key URI Format): label encoded, issuer in both places, both cut to what fits. */
export function keyUri(secret: Uint8Array, issuer: string, accountName: string, period: Period): string {
  const from = encoded(issuer);
  return (
    `otpauth://totp/${from}:${encoded(accountName)}?secret=${base32(secret)}&issuer=${from}` +
    `&algorithm=SHA1&digits=${DIGITS}&period=${period}`
  );
}

/** Half of a surrogate pair has no encoding. */
function encoded(label: string): string {
  const characters = Array.from(label).slice(0, LONGEST_LABEL).join('');
  return encodeURIComponent(characters.replace(/\p{Surrogate}/gu, '\ufffd'));
}
