import { isIP, isIPv6 } from 'node:net';
import { WrongAddress } from './wrong-address.js';

/** The parts of a URL, decoded; what is not there is an empty string, or undefined. */
export interface UrlParts {
  readonly scheme: string;
  readonly user: string;
  readonly password: string | undefined;
  /** A name or an address, an IPv6 address without its brackets. */
  readonly host: string;
  readonly port: number | undefined;
  /** As written, from its slash on. */
  readonly path: string;
  /** As written, from behind the question mark. */
  readonly query: string;
}

const FORM = /^([a-z]+):\/\/(?:([^/?#]*)@)?([^/?#@]*)(\/[^?#@]*)?(?:\?([^#@]*))?$/;
const HOST = /^(?:\[([^\]]*)\]|([^:[\]]*))(?::(\d+))?$/;
const NAME = /^(?=.{1,253}$)\w(?:[\w.-]*[\w.])?$/;
const HINT = 'write %, @, :, /, ? and # in a user name or password as %25, %40, %3A, %2F, %3F and %23';

/**
 * Takes `scheme://user:password@host:port/path?query` apart (RFC 3986 §3). Nothing is guessed or left out: a part that
 * could be read in two ways throws a `WrongAddress`. `form` says how it should look.
 */
export function partsOf(text: string, form: string): UrlParts {
  if (/[\s\p{C}]/u.test(text)) {
    throw new WrongAddress('must not contain blanks or control characters: write a blank as %20');
  }
  const [, scheme, login, place = '', path = '', query = ''] = FORM.exec(text) ?? [];
  if (scheme === undefined) throw new WrongAddress(`must be like ${form}; ${HINT}`);
  const [, user = '', password] = /^([^:]*)(?::(.*))?$/.exec(login ?? '') ?? [];
  return {
    scheme,
    user: decoded(user),
    password: password === undefined ? undefined : decoded(password),
    ...hostAndPort(place),
    path,
    query,
  };
}

/** Percent signs taken away (RFC 3986 §2.1); one that begins no octet throws a `WrongAddress`. */
export function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    throw new WrongAddress(`has a percent sign that stands for no character; ${HINT}`);
  }
}

function hostAndPort(place: string): Pick<UrlParts, 'host' | 'port'> {
  if (isIPv6(place)) throw new WrongAddress('has an IPv6 address without brackets: write [::1]:port');
  const [, bracketed, plain = '', digits] = HOST.exec(place) ?? [];
  const host = bracketed ?? plain;
  const port = digits === undefined ? undefined : Number(digits);
  const isHost = bracketed === undefined ? plain === '' || isNameOrIPv4(plain) : isIPv6(bracketed);
  if (!isHost || (host === '' && place !== '')) throw new WrongAddress(`has no valid host and port; ${HINT}`);
  if (port !== undefined && (port < 1 || port > 65_535)) {
    throw new WrongAddress('has a port that is not between 1 and 65535');
  }
  return { host, port };
}

function isNameOrIPv4(host: string): boolean {
  return /^[\d.]+$/.test(host) ? isIP(host) === 4 : NAME.test(host);
}
