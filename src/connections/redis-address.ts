import { networkPlace, type Place, socketPlace } from './place.js';
import { TLS_OPTIONS, tlsOptionsIn } from './tls.js';
import { optionsOf } from './url-options.js';
import { decoded, partsOf } from './url-parts.js';
import { WrongAddress } from './wrong-address.js';

export interface RedisAddress {
  readonly place: Place;
  /** Undefined for the user `default`. */
  readonly user: string | undefined;
  readonly password: string | undefined;
  /** The number of the database. */
  readonly number: number;
}

const FORM = 'redis://:password@host:6379/0, rediss://… for TLS, or redis:///path/of/redis.sock';
const OPTIONS = ['db', ...TLS_OPTIONS] as const;
const USUAL_PORT = 6379;

/**
 * Reads `redis://user:password@host:port/number`, `rediss://…` for TLS, and `redis:///path/of/the.sock?db=number`.
 * Throws a `WrongAddress` for everything that it would have to leave out or guess.
 */
export function redisAddress(text: string): RedisAddress {
  if (!/^rediss?:\/\//.test(text)) throw new WrongAddress(`must be like ${FORM}`);
  const parts = partsOf(text, FORM);
  const { db, ...options } = optionsOf(parts.query, OPTIONS);
  const isTls = parts.scheme === 'rediss';
  const path = decoded(parts.path);
  if (parts.user !== '' && !parts.password) {
    throw new WrongAddress(
      'has a user name without a password: a password alone is written redis://:password@host',
    );
  }
  const login = { user: parts.user || undefined, password: parts.password || undefined };
  if (parts.host === '') {
    if (isTls)
      throw new WrongAddress('asks for TLS over a unix socket, which does not need it: write redis://');
    if (/^\/?\d*$/.test(path)) throw new WrongAddress('has neither a host nor the path of a socket');
    return { ...login, place: socketPlace(path, parts, options), number: numberIn(db ?? '0') };
  }
  const [option] = isTls ? [] : tlsOptionsIn(options);
  if (option) throw new WrongAddress(`has the option "${option}", which is for TLS: write rediss://`);
  if (db !== undefined && path.length > 1) throw new WrongAddress('names its database twice');
  const place = networkPlace(parts, USUAL_PORT, isTls ? options : undefined);
  return { ...login, place, number: numberIn(db ?? (path.slice(1) || '0')) };
}

function numberIn(text: string): number {
  if (/^\d{1,9}$/.test(text)) return Number(text);
  throw new WrongAddress('names a database that is no number: write redis://host:6379/0');
}
