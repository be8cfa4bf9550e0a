import { createHash, timingSafeEqual } from 'node:crypto';
import apacheMd5 from 'apache-md5';
import bcrypt from 'bcryptjs';
import { shaCrypt } from './sha-crypt.js';

/** The hashes a stored password may be: the panel gives everything that starts with `$` to PHP's crypt(). */
const SHA =
  /^(?<head>\$(?<kind>[56])\$(?:rounds=(?<rounds>\d{4,9})\$)?(?<salt>[./0-9A-Za-z]{0,16})\$)[./0-9A-Za-z]{43,86}$/;
const MD5_CRYPT = /^\$1\$[./0-9A-Za-z]{0,8}\$[./0-9A-Za-z]{22}$/;
const BCRYPT = /^\$2[aby]\$(?:0[4-9]|1[0-5])\$[./0-9A-Za-z]{53}$/;
const MD5 = /^[0-9a-f]{32}$/;
/** Rounds that take a worker more than a few seconds are refused. */
const MOST_ROUNDS = 1_000_000;

export interface PasswordTask {
  readonly password: string;
  readonly stored: string;
  /** A plain md5 of old panels is a password of a user only, never of a mail user. */
  readonly plainMd5: boolean;
}

/** Is this the password of the stored hash, by the rules of the panel's login? Blocks for the time of the hash. */
export function passwordMatches({ password, stored, plainMd5 }: PasswordTask): boolean {
  if (plainMd5 && MD5.test(stored)) return equal(createHash('md5').update(password).digest('hex'), stored);
  const hash = cryptOf(cString(stripSlashes(password)), stored);
  return hash !== undefined && equal(hash, stored);
}

/** PHP's stripslashes(): a backslash goes and what follows it stays, but `\0` is a NUL. */
export function stripSlashes(text: string): string {
  return text.replace(/\\([\s\S]?)/gu, (_all, next: string) => (next === '0' ? '\0' : next));
}

/** crypt() takes a C string: what follows a NUL does not count. */
function cString(text: string): string {
  return text.split('\0', 1)[0] as string;
}

function cryptOf(password: string, stored: string): string | undefined {
  const sha = SHA.exec(stored)?.groups;
  if (sha) {
    const rounds = Number(sha.rounds ?? 5_000);
    if (rounds < 1_000 || rounds > MOST_ROUNDS) return undefined;
    const kind = sha.kind === '5' ? '5' : '6';
    return sha.head + shaCrypt(kind, Buffer.from(password), sha.salt ?? '', rounds);
  }
  // The library takes each character for a byte.
  if (MD5_CRYPT.test(stored)) return apacheMd5(Buffer.from(password).toString('latin1'), stored);
  if (BCRYPT.test(stored)) return bcrypt.hashSync(password, stored.slice(0, 29));
  return undefined;
}

function equal(one: string, other: string): boolean {
  const [a, b] = [Buffer.from(one), Buffer.from(other)];
  return a.length === b.length && timingSafeEqual(a, b);
}
