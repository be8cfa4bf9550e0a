import { createHmac, timingSafeEqual } from 'node:crypto';
import { type AccountKey, keyText, type PanelSession } from '../account/account.js';
import type { KeyRing } from '../keys/key-ring.js';

const TOKEN = /^([0-9a-f]{8})\.([1-9]\d{12})\.([A-Za-z0-9_-]{22})\.([A-Za-z0-9_-]{43})$/;
/** A clearance from further in the future than this was not made by a clock like ours. */
const CLOCK_SKEW_MS = 60_000;

/**
 * The proof that a panel session has shown a factor, carried in a cookie: HMAC-SHA256 over session id,
 * session start, account, generation and time of issue. Nothing of it is believed but that it was issued;
 * the generation is compared with the live one by whoever asks.
 */
export class Clearances {
  readonly #keys: KeyRing;
  readonly #maxAgeMs: number;

  /** `maxAgeMs`: the absolute age after which a clearance ends. */
  constructor(keys: KeyRing, maxAgeMs: number) {
    this.#keys = keys;
    this.#maxAgeMs = maxAgeMs;
  }

  get maxAgeSeconds(): number {
    return Math.floor(this.#maxAgeMs / 1000);
  }

  /** The cookie's value: `<key id>.<issued at>.<generation>.<mac>`. */
  issue(session: PanelSession, account: AccountKey, generation: string, now: number): string {
    const mac = sign(this.#keys.active('clearance'), session, account, generation, now);
    return `${this.#keys.activeId}.${now}.${generation}.${mac.toString('base64url')}`;
  }

  /** True when the value is a live clearance of this session, for this account, under this generation. */
  covers(
    value: string | undefined,
    session: PanelSession,
    account: AccountKey,
    generation: string,
    now: number,
  ): boolean {
    const [, keyId = '', issuedAt = '', named = '', mac = ''] = (value && TOKEN.exec(value)) || [];
    const key = this.#keys.find('clearance', keyId);
    if (!key || named !== generation) return false;
    const age = now - Number(issuedAt);
    if (age >= this.#maxAgeMs || age < -CLOCK_SKEW_MS) return false;
    const given = Buffer.from(mac, 'base64url');
    // Base64url has several spellings of the same bytes; only the canonical one is ours.
    if (given.toString('base64url') !== mac) return false;
    return timingSafeEqual(given, sign(key, session, account, generation, Number(issuedAt)));
  }
}

function sign(
  key: Buffer,
  session: PanelSession,
  account: AccountKey,
  generation: string,
  issuedAt: number,
): Buffer {
  const text = JSON.stringify([session.id, session.start, keyText(account), generation, issuedAt]);
  return createHmac('sha256', key).update(text).digest();
}
