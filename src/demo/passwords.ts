import { randomBytes, type ScryptOptions, scrypt, timingSafeEqual } from 'node:crypto';
import { PanelError } from './panel-error.js';

const COST: ScryptOptions = { N: 2 ** 14, r: 8, p: 1 };
const SALT_BYTES = 16;
const HASH_BYTES = 32;
/** In characters. */
export const LONGEST_PASSWORD = 256;
/** The database shares node's four threads: hashing takes at most two of them. */
const LANES: Promise<unknown>[] = [Promise.resolve(), Promise.resolve()];
const LONGEST_QUEUE = 200;

let queued = 0;

/** `scrypt$<salt>$<hash>`, both in base64url. */
export async function hashPassword(password: string): Promise<string> {
  const salt = randomBytes(SALT_BYTES);
  return `scrypt$${salt.toString('base64url')}$${(await derive(password, salt)).toString('base64url')}`;
}

/**
 * Is this the password of the hash? Takes as long without a hash, so that nobody learns which names there are.
 * False for more than 256 characters; throws 503 when too many are waiting.
 */
export async function isPassword(password: string, hash: string | undefined): Promise<boolean> {
  if (password.length > LONGEST_PASSWORD) return false;
  const [, salt = '', expected = ''] = (hash ?? 'scrypt$$').split('$');
  const actual = await derive(password, Buffer.from(salt, 'base64url'));
  const stored = Buffer.from(expected, 'base64url');
  return stored.length === actual.length && timingSafeEqual(stored, actual);
}

async function derive(password: string, salt: Buffer): Promise<Buffer> {
  if (queued >= LONGEST_QUEUE) throw new PanelError(503);
  queued += 1;
  const lane = queued % LANES.length;
  const result = (LANES[lane] ?? Promise.resolve()).then(() => runScrypt(password, salt));
  LANES[lane] = result.catch(() => undefined);
  try {
    return await result;
  } finally {
    queued -= 1;
  }
}

function runScrypt(password: string, salt: Buffer): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    scrypt(password, salt, HASH_BYTES, COST, (error, key) => (error ? reject(error) : resolve(key)));
  });
}
