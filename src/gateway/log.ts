import type { Context, Middleware } from 'koa';
import { type Logger, pino } from 'pino';
import { clientIsGone } from '../index.js';

/** Clients can write what stands in such an entry: the log does not grow by it. */
const LONGEST_ENTRY = 100;
const MOST_ENTRIES = 100;
const LONGEST_PATH = 500;
const SAME_ERROR_MILLISECONDS = 1_000;

/** JSON lines on standard output, written beside the requests and not before their answers. */
export function openLog(level: string): Logger {
  const serializers = { err: describe, path: cut };
  return pino({ level, base: null, serializers }, pino.destination({ sync: false }));
}

/** A line for each request. It contains neither query nor headers: both can carry secrets. */
export function requestLog(log: Logger): Middleware {
  return async (ctx, next) => {
    const begin = performance.now();
    ctx.res.once('close', () => {
      log.info({
        method: ctx.method,
        path: ctx.path,
        status: ctx.res.statusCode,
        ...(!ctx.res.writableFinished && { aborted: true }),
        address: ctx.ip,
        ms: Math.round(performance.now() - begin),
      });
    });
    await next();
  };
}

/** A path as long as any of a panel's; what is cut off is counted. */
function cut(path: string): string {
  const rest = path.length - LONGEST_PATH;
  return rest > 0 ? `${path.slice(0, LONGEST_PATH)}… (${rest} more)` : path;
}

/** Writes down what a trusted proxy named in place of an address, each text once. */
export function strangeAddresses(log: Logger): (entry: string) => void {
  const told = new Set<string>();
  return (entry) => {
    const text = entry.slice(0, LONGEST_ENTRY);
    if (told.has(text) || told.size >= MOST_ENTRIES) return;
    told.add(text);
    log.warn({ entry: text }, 'a trusted proxy named a client by no address; the proxy counts as the client');
  };
}

/**
 * Writes what went wrong on our side: the same only once a second, as a store that is away fails every request, and each of
 * these has its line anyway.
 */
export function errorLog(log: Logger): (error: unknown, ctx?: Context) => void {
  const told = new Set<string>();
  let since = 0;
  return (error, ctx) => {
    if (ctx && clientIsGone(ctx, error)) return;
    const now = performance.now();
    if (now - since > SAME_ERROR_MILLISECONDS) {
      told.clear();
      since = now;
    }
    const text = textOf(error);
    if (told.has(text)) return;
    told.add(text);
    log.error({ err: error, ...(ctx && { method: ctx.method, path: ctx.path }) });
  };
}

/** What an error says, with its causes. */
function textOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.cause === undefined ? error.message : `${error.message}: ${textOf(error.cause)}`;
}

/** Only these parts of an error: drivers hang statements with their values on it. */
function describe(error: unknown): object {
  if (!(error instanceof Error)) return { message: String(error) };
  const { name, message, stack, cause } = error;
  const { code } = error as { code?: unknown };
  return { name, message, code, stack, ...(cause !== undefined && { cause: describe(cause) }) };
}
