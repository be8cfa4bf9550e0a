import { once } from 'node:events';
import { type IncomingMessage, request } from 'node:http';

export interface WireReply {
  readonly status: number;
  readonly location: string | undefined;
  readonly setCookies: readonly string[];
  /** `ISPCSESS=…` of the first `Set-Cookie`, as a `Cookie` header sends it; empty without one. */
  readonly cookie: string;
  readonly headers: IncomingMessage['headers'];
  readonly body: string;
}

export interface WireRequest {
  readonly method?: string;
  /** One line per text. */
  readonly cookie?: string | readonly string[];
  readonly headers?: Readonly<Record<string, string>>;
  readonly fields?: Readonly<Record<string, string>>;
  readonly body?: string | Buffer;
}

/** Sends a request whose target stays as it is written, unlike one of `fetch`. */
export async function ask(url: string, target: string, options: WireRequest = {}): Promise<WireReply> {
  const { fields, cookie = [], headers = {} } = options;
  const body = fields ? new URLSearchParams(fields).toString() : options.body;
  const { host, hostname, port } = new URL(url);
  const named = {
    host,
    connection: 'close',
    ...(fields ? { 'content-type': 'application/x-www-form-urlencoded' } : {}),
    ...(body === undefined ? {} : { 'content-length': String(Buffer.byteLength(body)) }),
    ...headers,
  };
  const cookies = [cookie].flat().filter((line) => line !== '');
  // In a flat list, which stays as it is; elsewhere node would make one line of two cookies.
  const lines = [...Object.entries(named), ...cookies.map((line) => ['cookie', line])].flat();
  const method = options.method ?? (body === undefined ? 'GET' : 'POST');
  const sent = request({ hostname, port, path: target, method, headers: lines, agent: false });
  sent.end(body);
  const [message] = (await once(sent, 'response')) as [IncomingMessage];
  const chunks: Buffer[] = [];
  for await (const chunk of message) chunks.push(chunk as Buffer);
  const setCookies = message.headers['set-cookie'] ?? [];
  return {
    status: message.statusCode ?? 0,
    location: message.headers.location,
    setCookies,
    cookie: setCookies[0]?.split(';')[0] ?? '',
    headers: message.headers,
    body: Buffer.concat(chunks).toString('utf8'),
  };
}
