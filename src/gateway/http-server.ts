import { createServer, type RequestListener, type Server, STATUS_CODES } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { Duplex } from 'node:stream';
import { readTls } from './check-files.js';
import { nearlyOneByOne } from './one-by-one.js';

export interface HttpServerOptions {
  readonly tls?: { readonly cert: string; readonly key: string } | undefined;
  /** Seconds the panel may take for an answer. */
  readonly upstreamSeconds: number;
  /** Seconds a body for the panel may take to come in. */
  readonly bodySeconds: number;
}

const LARGEST_HEAD = 32_768;
const HEAD_MILLISECONDS = 30_000;
/** Who sends to the panel too slowly is told so by a page, before his connection is cut off. */
const ROOM_SECONDS = 30;
/** Longer than nginx (60 s) and Apache keep theirs: the side that sends must be the one that closes. */
const KEEP_ALIVE_MILLISECONDS = 75_000;
const CLOSE_MILLISECONDS = 10_000;
const SWEEP_MILLISECONDS = 100;

/** node's server with bounds for slow clients that leave room for long uploads. */
export function httpServer(
  { tls, upstreamSeconds, bodySeconds }: HttpServerOptions,
  listener: RequestListener,
): Server {
  const options = {
    maxHeaderSize: LARGEST_HEAD,
    headersTimeout: HEAD_MILLISECONDS,
    keepAliveTimeout: KEEP_ALIVE_MILLISECONDS,
    requestTimeout: (bodySeconds + ROOM_SECONDS) * 1_000,
    insecureHTTPParser: false,
    requireHostHeader: true,
  };
  const bounded = nearlyOneByOne(listener);
  const server = tls
    ? createTlsServer({ ...options, ...readTls(tls), minVersion: 'TLSv1.2' }, bounded)
    : createServer(options, bounded);
  // No byte in either direction; a panel that is still thinking has its own, shorter time-out.
  server.timeout = (upstreamSeconds + 30) * 1_000;
  server.on('clientError', refuse);
  return server;
}

/** Stops taking connections, lets requests under way finish for a while, and cuts off the rest. */
export async function closeServer(server: Server): Promise<void> {
  // Connections become idle one by one, as their requests finish.
  const sweep = setInterval(() => server.closeIdleConnections(), SWEEP_MILLISECONDS);
  const timer = setTimeout(() => server.closeAllConnections(), CLOSE_MILLISECONDS);
  await new Promise((resolve) => {
    server.close(resolve);
  });
  clearInterval(sweep);
  clearTimeout(timer);
}

/** What the parser does not understand gets a bare answer and no second look at the connection. */
function refuse(error: NodeJS.ErrnoException, socket: Duplex): void {
  if (!socket.writable || error.code === 'ECONNRESET') {
    socket.destroy();
    return;
  }
  const status =
    error.code === 'HPE_HEADER_OVERFLOW' ? 431 : error.code === 'ERR_HTTP_REQUEST_TIMEOUT' ? 408 : 400;
  socket.end(`HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`);
}
