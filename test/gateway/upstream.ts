import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type RequestListener, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { gzipSync } from 'node:zlib';

/** A request as the panel saw it. */
export interface Seen {
  readonly method: string;
  readonly url: string;
  readonly headers: IncomingMessage['headers'];
  readonly rawHeaders: readonly string[];
}

/** A small real panel behind the gateway, which remembers what came in. */
export interface TestUpstream {
  readonly port: number;
  /** Every request, in the order of arrival. */
  readonly seen: Seen[];
  /** TCP connections taken so far. */
  readonly connections: () => number;
  /** Requests whose client went away before the answer was complete. */
  readonly aborted: () => number;
  close(): Promise<void>;
}

type Route = (req: IncomingMessage, res: ServerResponse, query: URLSearchParams) => unknown;

const PAGE = '<!doctype html><title>page</title><body><p>Grüße</p></body>';

const routes: Readonly<Record<string, Route>> = {
  '/login': (req, res) => (req.method === 'POST' ? login(req, res) : html(res, '<form>login</form>')),
  '/logout': (_req, res) => html(res, 'bye'),
  '/page': (_req, res) => html(res, PAGE, { etag: '"1"', 'content-length': String(Buffer.byteLength(PAGE)) }),
  '/gzip-page': (_req, res) =>
    res.writeHead(200, htmlHead({ 'content-encoding': 'gzip' })).end(gzipSync(PAGE)),
  '/header-page': (_req, res, query) =>
    html(res, PAGE, { [query.get('name') ?? '']: query.get('value') ?? '' }),
  '/latin-page': (_req, res) =>
    res
      .writeHead(200, { 'content-type': 'text/html; charset=iso-8859-1' })
      .end(Buffer.from('Gr\xfc\xdfe', 'latin1')),
  '/big-page': (_req, res, query) => {
    res.writeHead(200, htmlHead({ etag: '"big"' }));
    return pipeline(zeros(Number(query.get('bytes')), 'x'), res);
  },
  '/echo': (req, res) => json(res, { method: req.method, url: req.url, headers: req.headers }),
  '/answer-headers': (_req, res) =>
    res
      .writeHead(200, {
        connection: 'x-private',
        'x-private': '1',
        'keep-alive': 'timeout=5',
        'x-public': '2',
        te: 'x',
      })
      .end('ok'),
  '/upload': async (req, res) => {
    const hash = createHash('sha256');
    let bytes = 0;
    for await (const part of req) {
      bytes += (part as Buffer).length;
      hash.update(part as Buffer);
    }
    json(res, { bytes, sha256: hash.digest('hex'), length: req.headers['content-length'] ?? null });
  },
  '/download': (_req, res, query) => {
    res.writeHead(200, { 'content-type': 'application/octet-stream' });
    return pipeline(zeros(Number(query.get('bytes')), '\0'), res);
  },
  '/static/20k.css': (_req, res) =>
    res.writeHead(200, { 'content-type': 'text/css' }).end('a'.repeat(20_000)),
  '/early': (_req, res) => res.writeHead(413, { 'content-type': 'text/plain' }).end('too much'),
  '/silent': () => undefined,
  '/broken': (req, res) => {
    res.writeHead(200, { 'content-length': '1000' }).write('half');
    setTimeout(() => req.socket.destroy(), 50);
  },
  '/hangs-up': (req) => req.socket.destroy(),
};

/** Listens on a port of 127.0.0.1, or on the path of a socket. */
export async function startUpstream(where: string | number = 0): Promise<TestUpstream> {
  const seen: Seen[] = [];
  let connections = 0;
  let aborted = 0;
  const listener: RequestListener = (req, res) => {
    const { method = '', url = '', headers, rawHeaders } = req;
    seen.push({ method, url, headers, rawHeaders });
    res.on('close', () => {
      if (!res.writableFinished) aborted += 1;
    });
    const { pathname, searchParams } = new URL(url, 'http://panel');
    const route = routes[pathname];
    if (!route) res.writeHead(404).end();
    else Promise.resolve(route(req, res, searchParams)).catch(() => undefined);
  };
  const server = createServer({ keepAliveTimeout: 60_000 }, listener);
  server.on('connection', () => {
    connections += 1;
  });
  if (typeof where === 'string') server.listen(where);
  else server.listen(where, '127.0.0.1');
  await once(server, 'listening');
  return {
    port: typeof where === 'string' ? 0 : (server.address() as AddressInfo).port,
    seen,
    connections: () => connections,
    aborted: () => aborted,
    close: async () => {
      server.close();
      server.closeAllConnections();
      await once(server, 'close');
    },
  };
}

/** Answers like a panel: 303 for the right password, 200 and the page again for a wrong one; `wait` in milliseconds. */
async function login(req: IncomingMessage, res: ServerResponse): Promise<void> {
  let text = '';
  for await (const part of req) text += part;
  const form = new URLSearchParams(text);
  await new Promise((resolve) => setTimeout(resolve, Number(form.get('wait') ?? 0)));
  if (form.get('password') !== 'right') html(res, '<form>wrong</form>');
  else res.writeHead(303, { location: '/page', 'set-cookie': 'plain=1; Path=/' }).end();
}

function htmlHead(more: Record<string, string> = {}): Record<string, string> {
  return { 'content-type': 'text/html; charset=utf-8', ...more };
}

function html(res: ServerResponse, text: string, more: Record<string, string> = {}): void {
  res.writeHead(200, htmlHead(more)).end(text);
}

function json(res: ServerResponse, value: unknown): void {
  res.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(value));
}

function zeros(bytes: number, fill: string): Readable {
  const part = Buffer.alloc(65_536, fill);
  let left = bytes;
  return new Readable({
    read() {
      const size = Math.min(left, part.length);
      left -= size;
      this.push(size > 0 ? part.subarray(0, size) : null);
    },
  });
}
