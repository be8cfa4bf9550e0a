/**
 * Where the running program says what happens: `pino` fits, and so does a few lines around `console`. Fields are plain
 * values, safe to print; an error is under `err`. A message is one printable line.
 */
export interface Log {
  info(fields: object, message: string): void;
  warn(fields: object, message: string): void;
  error(fields: object, message: string): void;
}

/** Says nothing but errors, on standard error: what is lost must not get lost silently. */
export const errorsOnly: Log = {
  info: () => undefined,
  warn: () => undefined,
  error: ({ err }: { readonly err?: unknown }, message) =>
    console.error(err instanceof Error ? `${message}: ${err.message}` : message),
};
