import { connect, type Socket } from 'node:net';

/** A connection that says exactly what it is told to. */
export class RawClient {
  readonly socket: Socket;
  received = '';
  readonly #closed: Promise<void>;

  constructor(port: number) {
    this.socket = connect(port, '127.0.0.1');
    this.socket.setEncoding('latin1').on('data', (text: string) => {
      this.received += text;
    });
    this.socket.on('error', () => undefined);
    this.#closed = new Promise((resolve) => {
      this.socket.on('close', () => resolve());
    });
  }

  send(...lines: readonly string[]): this {
    this.socket.write(lines.join('\r\n'), 'latin1');
    return this;
  }

  /** Resolves with everything received when the other side closes, or when `milliseconds` have passed. */
  async end(milliseconds = 3_000): Promise<string> {
    const timer = setTimeout(() => this.socket.destroy(), milliseconds);
    await this.#closed;
    clearTimeout(timer);
    return this.received;
  }

  /** Resolves when `pattern` was received. */
  async until(pattern: RegExp, milliseconds = 5_000): Promise<string> {
    const end = Date.now() + milliseconds;
    while (!pattern.test(this.received)) {
      if (Date.now() > end) throw new Error(`No ${pattern} in ${JSON.stringify(this.received)}`);
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
    return this.received;
  }

  /** The status codes of the answers so far. */
  get statuses(): number[] {
    return [...this.received.matchAll(/HTTP\/1\.1 (\d{3})/g)].map(([, status]) => Number(status));
  }
}

/** Sends one request on a connection of its own, and gives all that comes back within the time. */
export function exchange(port: number, lines: readonly string[], milliseconds?: number): Promise<string> {
  return new RawClient(port).send(...lines).end(milliseconds);
}
