import { PageError } from '../index.js';

const SLOW = ['UND_ERR_CONNECT_TIMEOUT', 'UND_ERR_HEADERS_TIMEOUT', 'UND_ERR_BODY_TIMEOUT'];

/** What happened on the way to the panel, as the page that says so; a fault of our own stays what it is. */
export function asUpstreamError(error: unknown): unknown {
  const code = (error as { code?: unknown } | null)?.code;
  if (typeof code !== 'string' || code.startsWith('ERR_')) return error;
  if (SLOW.includes(code)) return new PageError(504, 'error.panel-slow', { cause: error });
  return new PageError(502, 'error.panel-down', { cause: error });
}
