import type { Log } from '../index.js';

/** Lines for people: the time and the message. */
export const plainLog: Log = {
  info: (_fields, message) => console.log(line(message)),
  warn: (_fields, message) => console.log(line(message)),
  error: ({ err }: { readonly err?: unknown }, message) =>
    console.error(line(err instanceof Error ? `${message}: ${err.message}` : message)),
};

function line(message: string): string {
  return `${new Date().toISOString()} ${message}`;
}
