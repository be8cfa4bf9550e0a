import { createHash, randomBytes } from 'node:crypto';
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
/** Bytes of the key URI: a QR code (2331 bytes at level M) holds the issuer twice and the account's name. */
const LONGEST_ISSUER = 768;
const LONGEST_LABEL = 510;
const LONGEST_DOMAIN = 300;
const CODE = /^\d{6}$/;
/** 20 bytes in base32. */
const KEY = /^[A-Z2-7]{32}$/;
const BASE32 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';

export function newSecret(): Buffer {
  return randomBytes(SECRET_BYTES);
}

/** Six plain digits? */
export function isCode(text: string): boolean {
  return CODE.test(text);
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

/** The key that a text of that kind names; undefined unless it is one of our length. */
export function keyIn(text: string): Buffer | undefined {
  if (!KEY.test(text)) return undefined;
  const bits = Array.from(text, (letter) => BASE32.indexOf(letter).toString(2).padStart(5, '0')).join('');
  return Buffer.from((bits.match(/.{8}/g) ?? []).map((byte) => Number.parseInt(byte, 2)));
}

/**
 * The key URI that a QR code carries (Key URI Format): label encoded, issuer in both places, both cut to what fits. Names that
 * differ have labels that differ.
 */
export function keyUri(secret: Uint8Array, issuer: string, accountName: string, period: Period): string {
  const from = encoded(head(issuer, LONGEST_ISSUER));
  return (
    `otpauth://totp/${from}:${encoded(label(accountName))}?secret=${base32(secret)}&issuer=${from}` +
    `&algorithm=SHA1&digits=${DIGITS}&period=${period}`
  );
}

/** A long name loses its middle to a mark of its own; of a mailbox the domain stays. */
function label(name: string): string {
  if (encoded(name).length <= LONGEST_LABEL) return name;
  const mark = `~${createHash('sha256').update(name).digest('hex').slice(0, 12)}`;
  const at = name.lastIndexOf('@');
  const domain = at < 0 ? '' : name.slice(at);
  const tail = encoded(domain).length <= LONGEST_DOMAIN ? domain : '';
  return head(name, LONGEST_LABEL - encoded(mark + tail).length) + mark + tail;
}

/** As many characters of the beginning as are at most `length` when encoded. */
function head(text: string, length: number): string {
  let left = length;
  const characters = Array.from(text);
  const end = characters.findIndex((character) => {
    left -= encoded(character).length;
    return left < 0;
  });
  return end < 0 ? text : characters.slice(0, end).join('');
}

/** Half of a surrogate pair has no encoding. */
function encoded(text: string): string {
  return encodeURIComponent(text.replace(/\p{Surrogate}/gu, '\ufffd'));
}
