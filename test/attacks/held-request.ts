import { setTimeout as delay } from 'node:timers/promises';
import { RawClient } from '../gateway/raw.js';

/** A request in two parts: all but the last of it, and what makes it whole. */
export type Parts = readonly [first: string, last: string];

export interface Form {
  readonly path: string;
  readonly body: string;
  readonly headers: readonly string[];
}

const head = ({ path, headers }: Form, version: '1.0' | '1.1', ...more: readonly string[]) =>
  [`POST ${path} HTTP/${version}`, ...headers, ...more, '', ''].join('\r\n');
const lengthOf = ({ body }: Form) => `Content-Length: ${body.length}`;
const chunkOf = (text: string) => `${text.length.toString(16)}\r\n${text}\r\n`;
const CHUNKED = 'Transfer-Encoding: chunked';

function cut(text: string, at: number): Parts {
  return [text.slice(0, at), text.slice(at)];
}

/** Every way to hold a form open; `pipelined` stands behind a request of its own. */
export const framings: Readonly<Record<string, (form: Form) => Parts>> = {
  'the last byte of a length': (form) => cut(head(form, '1.1', lengthOf(form)) + form.body, -1),
  'the last byte of HTTP/1.0': (form) => cut(head(form, '1.0', lengthOf(form)) + form.body, -1),
  'all after 100-continue': (form) => [head(form, '1.1', lengthOf(form), 'Expect: 100-continue'), form.body],
  'the end of a chunk': (form) =>
    cut(`${head(form, '1.1', CHUNKED) + chunkOf(form.body)}0\r\n\r\n`, -'x\r\n0\r\n\r\n'.length),
  'the chunk of no length': (form) => [head(form, '1.1', CHUNKED) + chunkOf(form.body), '0\r\n\r\n'],
  'the line after a trailer': (form) => [
    `${head(form, '1.1', CHUNKED) + chunkOf(form.body)}0\r\nX-Trailer: 1\r\n`,
    '\r\n',
  ],
  pipelined: (form) =>
    cut(
      ['GET /2fa/health HTTP/1.1', ...form.headers, '', head(form, '1.1', lengthOf(form)) + form.body].join(
        '\r\n',
      ),
      -1,
    ),
};

/** A connection on which a request is not whole yet. */
export class HeldRequest {
  readonly #client: RawClient;
  readonly #last: string;

  constructor(port: number, [first, last]: Parts) {
    this.#client = new RawClient(port).send(first);
    this.#last = last;
  }

  /** The place in the answer to the whole; its status when it has none. */
  async finish(): Promise<string> {
    const before = this.#answers.length;
    this.#client.send(this.#last);
    const end = Date.now() + 10_000;
    while (this.#answers.length === before) {
      if (Date.now() > end) throw new Error(`No answer, but ${JSON.stringify(this.#client.received)}`);
      await delay(5);
    }
    this.#client.socket.destroy();
    const [, location] = /\r\nlocation: ([^\r\n]*)/i.exec(this.#answers.at(-1) ?? '') ?? [];
    return location ?? String(this.#client.statuses.at(-1));
  }

  /** The heads of all that was answered, but for 100. */
  get #answers(): string[] {
    return this.#client.received.match(/HTTP\/1\.1 [2-5][\s\S]*?\r\n\r\n/g) ?? [];
  }
}
