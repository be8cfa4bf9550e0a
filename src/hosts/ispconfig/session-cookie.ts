/** The name of the panel's session cookie. */
export const SESSION_COOKIE = 'ISPCSESS';

/** Our clearance, with and without the prefix of https: none of the panel's business. */
const OWN_COOKIES = ['panel-2fa', '__host-panel-2fa'];

const SESSION_ID = /^[A-Za-z0-9,-]{1,64}$/;
const PAIR = /^([!#$%&'*+.^_`|~0-9A-Za-z[\]-]+)=([\x21-\x7e]*)$/;

export interface RequestCookies {
  /** The one session id that counts, as the client spelled it. */
  readonly sessionId: string | undefined;
  /** All cookies that may reach the panel beside its session. */
  readonly others: readonly string[];
}

/**
 * Reads a Cookie header, its lines joined by `; ` as Node does. PHP takes more than one spelling for its session cookie
 * and chooses among several by rules that depend on the web server; so the first one decides here, and no other is
 * ever sent on. A first one that is no session id means no session.
 */
export function readCookies(header: string | undefined): RequestCookies {
  let sessionId: string | undefined;
  let decided = false;
  const others: string[] = [];
  for (const part of (header ?? '').split(';')) {
    const pair = part.trim();
    const [, name, value] = PAIR.exec(pair) ?? [];
    if (name === undefined || value === undefined) continue;
    if (name === SESSION_COOKIE && !decided) {
      decided = true;
      sessionId = sessionIdOf(value);
    }
    if (!isReserved(name)) others.push(pair);
  }
  return { sessionId, others };
}

/** The Cookie header for the panel; undefined when there is nothing to say. */
export function cookieHeader(sessionId: string | undefined, others: readonly string[]): string | undefined {
  const all = sessionId === undefined ? others : [`${SESSION_COOKIE}=${sessionId}`, ...others];
  return all.length === 0 ? undefined : all.join('; ');
}

/** Is this a name of ours, or one that PHP might take for its session cookie in any spelling? */
export function isReserved(name: string): boolean {
  const plain = (decoded(name) ?? '').trim().toLowerCase();
  return plain === '' || plain.startsWith(SESSION_COOKIE.toLowerCase()) || OWN_COOKIES.includes(plain);
}

function sessionIdOf(value: string): string | undefined {
  const id = decoded(value);
  return id !== undefined && SESSION_ID.test(id) ? id : undefined;
}

function decoded(text: string): string | undefined {
  try {
    return decodeURIComponent(text);
  } catch {
    return undefined;
  }
}
