import { Pool } from 'undici';
import { pinnedConnector } from './pinned-connector.js';

export interface UpstreamOptions {
  /** `http+unix:/path`, `http://host:port` or `https://host:port`. */
  readonly url: string;
  /** Seconds until the head of an answer must be there, and between two parts of its body. */
  readonly seconds: number;
  /** A file with the panel's own certificate; without it the system's authorities and the name count. */
  readonly certificate?: string | undefined;
}

const CONNECT_MILLISECONDS = 5_000;
export const MOST_CONNECTIONS = 1_024;
const LARGEST_HEAD = 65_536;
/** What the address of a socket file begins with. */
export const UNIX = 'http+unix:';

/** Is this the address of an upstream: without path, query or password? */
export function isUpstream(text: string): boolean {
  return text.startsWith(UNIX) ? /^http\+unix:\/[^?#]+$/.test(text) : /^https?:\/\/[^/@?#]+$/.test(text);
}

/** The connections to the panel: kept alive, one request at a time on each. */
export function openUpstream({ url, seconds, certificate }: UpstreamOptions): Pool {
  const unix = url.startsWith(UNIX) ? { socketPath: url.slice(UNIX.length) } : {};
  return new Pool(url.startsWith(UNIX) ? 'http://localhost' : url, {
    connections: MOST_CONNECTIONS,
    pipelining: 1,
    headersTimeout: seconds * 1_000,
    bodyTimeout: seconds * 1_000,
    maxHeaderSize: LARGEST_HEAD,
    connect: certificate
      ? pinnedConnector(certificate, CONNECT_MILLISECONDS)
      : { timeout: CONNECT_MILLISECONDS, ...unix },
  });
}
