import type { ServerResponse } from 'node:http';
import { gzipSync } from 'node:zlib';

/** What a page answers. */
export interface Answer {
  readonly status: number;
  readonly body: string | Buffer;
  readonly headers?: Readonly<Record<string, string>>;
}

/** A page, a fragment or a word of the shell's text protocol. */
export function html(body: string, status = 200): Answer {
  return { status, body };
}

export function json(value: unknown): Answer {
  return {
    status: 200,
    body: JSON.stringify(value),
    headers: { 'content-type': 'application/json; charset="utf-8"' },
  };
}

/** A 302 without a body; `location` goes out as it is written, relative ones too. */
export function redirect(location: string): Answer {
  return { status: 302, body: '', headers: { location } };
}

/** What the web server itself answers. */
export function webServerError(status: number, text: string): Answer {
  return { status, body: `<html><body><center><h1>${status} ${text}</h1></center></body></html>\r\n` };
}

const php = {
  'content-type': 'text/html; charset=utf-8',
  expires: 'Thu, 19 Nov 1981 08:52:00 GMT',
  'cache-control': 'no-store, no-cache, must-revalidate',
  pragma: 'no-cache',
  vary: 'Accept-Encoding',
};

export interface Sending {
  /** Whether PHP speaks and not the web server. */
  readonly fromPhp: boolean;
  readonly setCookie: string | undefined;
  readonly acceptEncoding: string;
  readonly withBody: boolean;
}

/** Sends an answer as PHP does: chunked, without a length, compressed when the client takes it. */
export function send(response: ServerResponse, answer: Answer, sending: Sending): void {
  const { fromPhp, setCookie, acceptEncoding, withBody } = sending;
  let body = Buffer.from(answer.body);
  const headers: Record<string, string> = {
    ...(fromPhp ? php : { 'content-type': 'text/html', 'content-length': String(body.length) }),
    ...answer.headers,
  };
  // An empty body is compressed too.
  if (fromPhp && /\bgzip\b/i.test(acceptEncoding)) {
    body = gzipSync(body);
    headers['content-encoding'] = 'gzip';
  }
  if (fromPhp && withBody) headers['transfer-encoding'] = 'chunked';
  if (setCookie !== undefined) headers['set-cookie'] = setCookie;
  response.writeHead(answer.status, headers);
  response.end(withBody ? body : undefined);
}

/** Text for the page or an attribute of it. */
export function escapeHtml(text: string): string {
  return text.replaceAll(/[&<>"']/g, (found) => `&#${found.charCodeAt(0)};`);
}
