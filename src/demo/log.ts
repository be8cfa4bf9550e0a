import type { Log } from '../index.js';

/** Lines for people: the time and the message. What is said before `begin` waits for it, so that the address comes first. */
export class PlainLog implements Log {
  #held: string[] | undefined = [];

  info(_fields: object, message: string): void {
    this.#say(message);
  }

  warn(_fields: object, message: string): void {
    this.#say(message);
  }

  error({ err }: { readonly err?: unknown }, message: string): void {
    console.error(line(err instanceof Error ? `${message}: ${err.message}` : message));
  }

  begin(): void {
    for (const text of this.#held ?? []) console.log(text);
    this.#held = undefined;
  }

  #say(message: string): void {
    if (this.#held) this.#held.push(line(message));
    else console.log(line(message));
  }
}

function line(message: string): string {
  return `${new Date().toISOString()} ${message}`;
}
