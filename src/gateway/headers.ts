import type { IncomingHttpHeaders } from 'node:http';

export type Headers = Record<string, string | string[]>;

/** Headers that speak about one connection (RFC 9110 §7.6.1) or about framing, which each side does for itself. */
const HOP_BY_HOP = new Set([
  'connection',
  'expect',
  'keep-alive',
  'proxy-authenticate',
  'proxy-authorization',
  'proxy-connection',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
]);

/**
 * What of the host's headers goes to the panel. `content-length` is left out: it is set from the body that is sent.
 * A name with `_` becomes the same CGI variable as one with `-` and could stand in for it.
 */
export function requestHeaders(headers: Headers, connection: string | undefined): Headers {
  const named = namedBy(connection);
  const kept: Headers = {};
  for (const name in headers) {
    const value = headers[name];
    if (value === undefined || HOP_BY_HOP.has(name) || name === 'content-length' || named?.has(name))
      continue;
    if (!name.includes('_')) kept[name] = value;
  }
  // PHP compresses by itself; of the encodings only gzip can be undone here when a page is edited.
  if (/\bgzip\b(?!\s*;\s*q=0(\.0*)?\s*(,|$))/i.test(String(kept['accept-encoding'] ?? ''))) {
    kept['accept-encoding'] = 'gzip';
  } else delete kept['accept-encoding'];
  return kept;
}

/** What of the answer's headers goes to the client. */
export function answerHeaders(
  headers: Readonly<Record<string, string | string[] | undefined>>,
  connection: string | string[] | undefined,
): Headers {
  const named = namedBy(connection);
  const kept: Headers = {};
  for (const name in headers) {
    const value = headers[name];
    if (value !== undefined && !HOP_BY_HOP.has(name) && !named?.has(name)) kept[name] = value;
  }
  return kept;
}

/** Does a body belong to this request? */
export function announcesBody(headers: IncomingHttpHeaders): boolean {
  return headers['transfer-encoding'] !== undefined || Number(headers['content-length'] ?? 0) > 0;
}

function namedBy(connection: string | string[] | undefined): Set<string> | undefined {
  if (connection === undefined || connection === 'keep-alive' || connection === 'close') return undefined;
  return new Set(
    String(connection)
      .split(',')
      .map((name) => name.trim().toLowerCase()),
  );
}
