import { randomBytes, scrypt, timingSafeEqual } from 'node:crypto';
import { type Asker, Lane, type Place } from '../base/lane.js';
import type { RecoverySet } from './factor.js';

const COUNT = 10;
const CHARACTERS = 16;
/** Crockford's base32: 32 characters, so each random byte's low five bits give one without bias. */
const ALPHABET = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
const WELL_FORMED = /^[0-9A-HJKMNP-TV-Z]{16}$/;
const SCRYPT = { N: 2 ** 14, r: 8, p: 1 } as const;
const DIGEST_BYTES = 32;
const SALT_BYTES = 16;
/** One hash takes some 50 ms of one thread, a set ten times as long. */
const CHECKS = { atOnce: 1, places: 32, perAccount: 2, perClient: 8 };
const SETS = { atOnce: 1, places: 24, perAccount: 2, perClient: 12 };

/** A new set: the codes as `XXXX-XXXX-XXXX-XXXX` to be shown once, and what is kept of them. */
export interface NewRecoveryCodes {
  readonly codes: readonly string[];
  readonly set: RecoverySet;
}

/** Sixteen characters of the alphabet? */
export function isRecoveryCode(text: string): boolean {
  return WELL_FORMED.test(text);
}

/** A place to have one code looked up, taken before the attempt is spent. */
export interface CheckPlace {
  /** The place of a well-formed code in the set, or undefined; whether it was used is not checked. */
  indexOf(normalised: string, set: RecoverySet): Promise<number | undefined>;
  leave(): void;
}

/** A place to have one whole set made. */
export interface SetPlace {
  create(): Promise<NewRecoveryCodes>;
  leave(): void;
}

/**
 * Makes and looks up recovery codes: 80 bits each, kept as salted scrypt digests (NIST SP 800-63B-4 §3.1.2). Checks and
 * new sets have a lane each with a thread each, so that no number of registrations holds up a login.
 */
export class RecoveryCodes {
  readonly #checks = new Lane(CHECKS);
  readonly #sets = new Lane(SETS);

  /** Undefined when there is no free place for the asker now. */
  placeToCheck(asker: Asker): CheckPlace | undefined {
    const place = this.#checks.take(asker);
    return place && { indexOf: (code, set) => indexOf(code, set, place), leave: () => place.leave() };
  }

  /** Undefined when there is no free place for the asker now. */
  placeForSet(asker: Asker): SetPlace | undefined {
    const place = this.#sets.take(asker);
    return place && { create: () => place.run(newRecoveryCodes), leave: () => place.leave() };
  }
}

async function indexOf(code: string, set: RecoverySet, place: Place): Promise<number | undefined> {
  const digest = await place.run(() => digestOf(code, Buffer.from(set.salt, 'hex')));
  const matches = set.digests.map((known) => timingSafeEqual(Buffer.from(known, 'hex'), digest));
  const index = matches.indexOf(true);
  return index === -1 ? undefined : index;
}

/** Takes half a second of a thread: made for somebody it goes through {@link RecoveryCodes.placeForSet}. */
export async function newRecoveryCodes(): Promise<NewRecoveryCodes> {
  const salt = randomBytes(SALT_BYTES);
  const codes = Array.from({ length: COUNT }, newCode);
  const digests: string[] = [];
  for (const code of codes) digests.push((await digestOf(code, salt)).toString('hex'));
  return {
    codes: codes.map((code) => code.replace(/(.{4})(?=.)/g, '$1-')),
    set: { salt: salt.toString('hex'), digests },
  };
}

function digestOf(code: string, salt: Buffer): Promise<Buffer> {
  return new Promise((resolve, reject) =>
    scrypt(code, salt, DIGEST_BYTES, SCRYPT, (error, key) => (error ? reject(error) : resolve(key))),
  );
}

function newCode(): string {
  return Array.from(randomBytes(CHARACTERS), (byte) => ALPHABET[byte & 31]).join('');
}
