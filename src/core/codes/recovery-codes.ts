import { randomBytes, scrypt, timingSafeEqual } from 'node:crypto';
import type { RecoverySet } from './factor.js';

const COUNT = 10;
const CHARACTERS = 16;
/** Crockford's base32: 32 characters, so each random byte's low five bits give one without bias. */
const ALPHABET = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
const WELL_FORMED = /^[0-9A-HJKMNP-TV-Z]{16}$/;
const SCRYPT = { N: 2 ** 14, r: 8, p: 1 } as const;
const DIGEST_BYTES = 32;
const SALT_BYTES = 16;
const AT_ONCE = 2;
const QUEUE_LIMIT = 32;

/** More recovery codes are waiting to be hashed than the queue holds; the request is refused with 503. */
export class RecoveryBusy extends Error {
  override readonly name = 'RecoveryBusy';
}

/** A new set: the codes as `XXXX-XXXX-XXXX-XXXX` to be shown once, and what is kept of them. */
export interface NewRecoveryCodes {
  readonly codes: readonly string[];
  readonly set: RecoverySet;
}

/** What a person typed as a recovery code, in the alphabet's own spelling; not yet judged. */
export function normaliseRecoveryCode(typed: string): string {
  return typed
    .normalize('NFKC')
    .toUpperCase()
    .replace(/[\s\p{Dash_Punctuation}\p{Cf}]/gu, '')
    .replace(/O/g, '0')
    .replace(/[IL]/g, '1');
}

export function isRecoveryCode(normalised: string): boolean {
  return WELL_FORMED.test(normalised);
}

/**
 * Makes and looks up recovery codes: 80 bits each, kept as salted scrypt digests (NIST SP 800-63B-4 §3.1.2).
 * At most two are hashed at once and 32 wait; beyond that {@link RecoveryBusy}.
 */
export class RecoveryCodes {
  #running = 0;
  readonly #waiting: (() => void)[] = [];

  async create(): Promise<NewRecoveryCodes> {
    const salt = randomBytes(SALT_BYTES);
    const codes = Array.from({ length: COUNT }, newCode);
    const digests = await Promise.all(codes.map((code) => this.#digest(code, salt)));
    return {
      codes: codes.map((code) => code.replace(/(.{4})(?=.)/g, '$1-')),
      set: { salt: salt.toString('hex'), digests: digests.map((digest) => digest.toString('hex')) },
    };
  }

  /** The place of a well-formed code in the set, or undefined; whether it was used is not looked at. */
  async indexOf(normalised: string, set: RecoverySet): Promise<number | undefined> {
    const digest = await this.#digest(normalised, Buffer.from(set.salt, 'hex'));
    const matches = set.digests.map((known) => timingSafeEqual(Buffer.from(known, 'hex'), digest));
    const index = matches.indexOf(true);
    return index === -1 ? undefined : index;
  }

  async #digest(code: string, salt: Buffer): Promise<Buffer> {
    await this.#enter();
    try {
      return await new Promise<Buffer>((resolve, reject) =>
        scrypt(code, salt, DIGEST_BYTES, SCRYPT, (error, key) => (error ? reject(error) : resolve(key))),
      );
    } finally {
      this.#leave();
    }
  }

  async #enter(): Promise<void> {
    if (this.#running < AT_ONCE) {
      this.#running += 1;
      return;
    }
    if (this.#waiting.length >= QUEUE_LIMIT)
      throw new RecoveryBusy('Too many recovery codes are being checked');
    await new Promise<void>((resolve) => this.#waiting.push(resolve));
  }

  #leave(): void {
    const next = this.#waiting.shift();
    if (next) next();
    else this.#running -= 1;
  }
}

function newCode(): string {
  return Array.from(randomBytes(CHARACTERS), (byte) => ALPHABET[byte & 31]).join('');
}
