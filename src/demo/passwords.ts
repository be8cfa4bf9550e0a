import { randomBytes, type ScryptOptions, scrypt, timingSafeEqual } from 'node:crypto';
import { Lane, type Place } from '../index.js';
import { PanelError } from './panel-error.js';

const COST: ScryptOptions = { N: 2 ** 14, r: 8, p: 1 };
const SALT_BYTES = 16;
const HASH_BYTES = 32;
/** In characters. */
export const LONGEST_PASSWORD = 256;

/**
 * One hash takes some 50 ms, and the database shares node's four threads: logins take one of them, people who are in
 * another one, so that no number of logins holds up a Save.
 */
const LOGINS = new Lane({ atOnce: 1, places: 192, perAccount: 192, perClient: 48 });
const OWN = new Lane({ atOnce: 1, places: 64, perAccount: 4, perClient: 16 });

/** A place to have the password of a login checked; undefined when there is none for this client now. */
export function loginPlace(client: string): Place | undefined {
  return LOGINS.take({ client });
}

/** Lets somebody who is logged in have passwords checked and made; throws 503 when there is no place for him now. */
export async function withOwnPlace<Result>(
  account: string,
  work: (place: Place) => Promise<Result>,
): Promise<Result> {
  const place = OWN.take({ account });
  if (!place) throw new PanelError(503);
  try {
    return await work(place);
  } finally {
    place.leave();
  }
}

/** `scrypt$<salt>$<hash>`, both in base64url. Without a place it is made at once. */
export async function hashPassword(password: string, place?: Place): Promise<string> {
  const salt = randomBytes(SALT_BYTES);
  return `scrypt$${salt.toString('base64url')}$${(await derive(password, salt, place)).toString('base64url')}`;
}

/**
 * Is this the password of the hash? Takes as long without a hash, so that nobody learns which names there are.
 * False for more than 256 characters.
 */
export async function isPassword(password: string, hash: string | undefined, place: Place): Promise<boolean> {
  if (password.length > LONGEST_PASSWORD) return false;
  const [, salt = '', expected = ''] = (hash ?? 'scrypt$$').split('$');
  const actual = await derive(password, Buffer.from(salt, 'base64url'), place);
  const stored = Buffer.from(expected, 'base64url');
  return stored.length === actual.length && timingSafeEqual(stored, actual);
}

function derive(password: string, salt: Buffer, place?: Place): Promise<Buffer> {
  const work = () =>
    new Promise<Buffer>((resolve, reject) => {
      scrypt(password, salt, HASH_BYTES, COST, (error, key) => (error ? reject(error) : resolve(key)));
    });
  return place ? place.run(work) : work();
}
