/** The name of the panel's session cookie. */
export const COOKIE = 'ISPCSESS';

/**
 * The session id that PHP finds in a request, `undefined` for none or one that it throws away.
 *
 * @param lines the `Cookie` headers as they came; the web server keeps the last, PHP in it the first of a name
 */
export function sessionIdIn(lines: readonly string[]): string | undefined {
  for (const part of (lines.at(-1) ?? '').split(';')) {
    const at = part.indexOf('=');
    const name = (at < 0 ? part : part.slice(0, at)).replace(/^[\s\v\f]+/, '');
    // `ISPCSESS[]` makes the cookie an array, which is no session id, and hides those that follow.
    if (name.startsWith(`${COOKIE}[`) && name.includes(']')) return undefined;
    if (name === COOKIE) return valid(decodeRaw(at < 0 ? '' : part.slice(at + 1)));
  }
  return undefined;
}

/** PHP's `urldecode`, which never fails. */
export function decodePhp(text: string): string {
  return decodeRaw(text.replaceAll('+', ' '));
}

/** PHP's `rawurldecode`: a plus is a plus, as in cookies. */
function decodeRaw(text: string): string {
  const bytes = text.replaceAll(/%([0-9a-f]{2})/gi, (_, hex: string) => `\0${hex.toLowerCase()}`);
  if (!bytes.includes('\0')) return bytes;
  const parts = bytes.split(/\0(..)/);
  return Buffer.concat(
    parts.map((part, index) => (index % 2 === 1 ? Buffer.from(part, 'hex') : Buffer.from(part))),
  ).toString('utf8');
}

/** Little is thrown away: ids that PHP would never make live on as anonymous sessions, without a new cookie. */
function valid(id: string): string | undefined {
  return id !== '' && !/[\r\n\t <>'"\\]/.test(id) ? id : undefined;
}
