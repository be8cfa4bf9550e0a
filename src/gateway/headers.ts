import type { Headers } from '../hosts/end-to-end.js';

/**
 * What of the host's headers goes to the panel. `content-length` is left out: it is set from the body that is sent.
 * A name with `_` becomes the same CGI variable as one with `-` and could stand in for it.
 */
export function requestHeaders(headers: Readonly<Headers>): Headers {
  const kept: Headers = {};
  for (const name in headers) {
    const value = headers[name];
    if (value !== undefined && name !== 'content-length' && !name.includes('_')) kept[name] = value;
  }
  // PHP compresses by itself; of the encodings only gzip can be undone here when a page is edited.
  if (/\bgzip\b(?!\s*;\s*q=0(\.0*)?\s*(,|$))/i.test(String(kept['accept-encoding'] ?? ''))) {
    kept['accept-encoding'] = 'gzip';
  } else delete kept['accept-encoding'];
  return kept;
}
