import { Writable } from 'node:stream';
import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';
import type { Headers } from '../hosts/end-to-end.js';
import type { PageEdit } from '../hosts/gateway-host.js';

/** The most of a page that is held, and after unpacking four times as much. */
const BOUND = 1_048_576;
const unpack = promisify(gunzip);
const text = new TextDecoder('utf-8', { fatal: true });

export interface HeldPageOptions {
  readonly edit: PageEdit;
  readonly headers: Headers;
  /** Sends the head; the client's side of the answer, to write the body to. */
  readonly open: (headers: Headers) => Writable;
  /** Told why a page passes unchanged. */
  readonly onUnchanged: (reason: string) => void;
}

/** Takes the body of one answer, holds it up to a bound, and sends it edited; over the bound it streams unchanged. */
export class HeldPage extends Writable {
  readonly #options: HeldPageOptions;
  #held: Buffer[] = [];
  #size = 0;
  #through: Writable | undefined;

  constructor(options: HeldPageOptions) {
    super();
    this.#options = options;
  }

  override _write(chunk: Buffer, _encoding: BufferEncoding, done: (error?: Error | null) => void): void {
    if (this.#through) {
      pass(this.#through, chunk, done);
      return;
    }
    this.#held.push(chunk);
    this.#size += chunk.length;
    if (this.#size <= BOUND) {
      done();
      return;
    }
    const { headers, open, onUnchanged } = this.#options;
    onUnchanged('too large');
    this.#through = open(headers);
    pass(this.#through, Buffer.concat(this.#held), done);
    this.#held = [];
  }

  override _final(done: (error?: Error | null) => void): void {
    const whole = this.#through ? Promise.resolve() : this.#sendHeld();
    whole.then(
      () => {
        if (this.#through?.destroyed) done();
        else this.#through?.end(() => done());
      },
      (error: Error) => done(error),
    );
  }

  override _destroy(error: Error | null, done: (error?: Error | null) => void): void {
    if (error) this.#through?.destroy();
    done(error);
  }

  async #sendHeld(): Promise<void> {
    const { edit, headers, open, onUnchanged } = this.#options;
    const body = Buffer.concat(this.#held);
    const page = await readPage(body, headers);
    if (typeof page !== 'string') {
      onUnchanged(page.reason);
      this.#through = open(headers);
      if (!this.#through.destroyed) this.#through.write(body);
      return;
    }
    const edited = Buffer.from(await edit(page));
    this.#through = open(editedHeaders(headers, edited.length));
    if (!this.#through.destroyed) this.#through.write(edited);
  }
}

/** The head of a page that is ours now: nothing in it speaks of the bytes the panel sent, and no other site may frame our forms. */
function editedHeaders(headers: Headers, length: number): Headers {
  const { etag, 'last-modified': modified, 'accept-ranges': ranges, ...kept } = headers;
  delete kept['content-encoding'];
  const framing = isFramingRuled(kept) ? {} : { 'x-frame-options': 'SAMEORIGIN' };
  return { ...kept, ...framing, 'cache-control': 'no-store', 'content-length': String(length) };
}

function isFramingRuled({ 'x-frame-options': options, 'content-security-policy': policy }: Headers): boolean {
  return options !== undefined || /(?:^|[;,])\s*frame-ancestors\s/i.test([policy ?? ''].flat().join(','));
}

async function readPage(body: Buffer, headers: Headers): Promise<string | { readonly reason: string }> {
  const coding = String(headers['content-encoding'] ?? 'identity').toLowerCase();
  if (coding !== 'identity' && coding !== 'gzip') return { reason: `content-encoding ${coding}` };
  const charset = /;\s*charset="?([^";\s]+)/i.exec(String(headers['content-type'] ?? ''))?.[1] ?? 'utf-8';
  if (!/^utf-?8$/i.test(charset)) return { reason: `charset ${charset}` };
  try {
    return text.decode(coding === 'gzip' ? await unpack(body, { maxOutputLength: 4 * BOUND }) : body);
  } catch (error) {
    return { reason: (error as Error).message };
  }
}

function pass(to: Writable, chunk: Buffer, done: () => void): void {
  // To write to an answer whose client is gone would be an error that nobody listens to.
  if (to.destroyed || to.write(chunk)) {
    done();
    return;
  }
  const go = () => {
    to.off('drain', go).off('close', go);
    done();
  };
  to.on('drain', go).on('close', go);
}
