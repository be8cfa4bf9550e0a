import type { IncomingMessage } from 'node:http';
import { sessionIdIn } from './cookie.js';
import { type Fields, parseBody, parseUrlencoded } from './fields.js';
import { normalise, queryOf } from './path.js';
import type { PanelSettings } from './visit.js';

/** A request that reached the panel, as it came and as PHP sees it. */
export interface PanelRequest {
  readonly method: string;
  /** As it stood in the request line. */
  readonly target: string;
  /** What the web server made of it; `undefined` is a 400. */
  readonly path: string | undefined;
  readonly query: Fields;
  /** Names in lower case, in order, duplicates kept. */
  readonly headers: readonly (readonly [name: string, value: string])[];
  readonly body: Buffer;
  /** The fields of an urlencoded or multipart body. */
  readonly fields: Fields;
  /** The id of the session cookie, if PHP takes it. */
  readonly sessionId: string | undefined;
  /** `REMOTE_ADDR`. */
  readonly address: string;
}

/** Reads a request to its end. */
export async function readRequest(
  message: IncomingMessage,
  { trustRealIp, realIpHeader }: Pick<PanelSettings, 'trustRealIp' | 'realIpHeader'>,
): Promise<PanelRequest> {
  const chunks: Buffer[] = [];
  for await (const chunk of message) chunks.push(chunk as Buffer);
  const body = Buffer.concat(chunks);
  const target = message.url ?? '/';
  const headers = pairsOf(message.rawHeaders);
  const values = (name: string) => headers.filter(([key]) => key === name).map(([, value]) => value);
  const forwarded = values(realIpHeader).join(',').split(',').at(-1)?.trim();
  return {
    method: message.method ?? 'GET',
    target,
    path: normalise(target),
    query: parseUrlencoded(queryOf(target)),
    headers,
    body,
    fields: message.method === 'POST' ? parseBody(message.headers['content-type'] ?? '', body) : {},
    sessionId: sessionIdIn(values('cookie')),
    address: (trustRealIp && forwarded) || message.socket.remoteAddress || 'unix:',
  };
}

/** The first header of a name, or an empty text. */
export function headerOf(request: PanelRequest, name: string): string {
  return request.headers.find(([key]) => key === name)?.[1] ?? '';
}

function pairsOf(raw: readonly string[]): [string, string][] {
  return Array.from({ length: raw.length / 2 }, (_, n) => [
    (raw[2 * n] ?? '').toLowerCase(),
    raw[2 * n + 1] ?? '',
  ]);
}
