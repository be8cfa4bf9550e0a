import type { IncomingMessage } from 'node:http';
import type { Readable } from 'node:stream';
import { createGunzip, createInflate } from 'node:zlib';
import { BadCall } from './bad-call.js';

/** What a login, or all that has to be read of another call, fits into; what comes behind it streams. */
export const HEAD_BYTES = 16_384;
/** A compressed call of more than this is refused. */
const LARGEST_UNPACKED = 64 * 1024 * 1024;
const HEAD_MILLISECONDS = 30_000;

const UNPACKERS: ReadonlyMap<string, typeof createGunzip | typeof createInflate> = new Map([
  ['gzip', createGunzip],
  ['x-gzip', createGunzip],
  ['deflate', createInflate],
]);

/** The body of a call, whose beginning has been read. */
export class CallBody {
  /** At least {@link HEAD_BYTES}, unless this is all. */
  head: Buffer = Buffer.alloc(0);
  isWhole = false;
  /** Did it come compressed? */
  readonly isUnpacked: boolean;
  readonly #req: IncomingMessage;
  readonly #chunks: AsyncIterator<Buffer>;

  private constructor(req: IncomingMessage, source: Readable) {
    this.#req = req;
    this.isUnpacked = source !== req;
    // To destroy the request would close the connection before the answer.
    this.#chunks = source.iterator({ destroyOnReturn: false });
  }

  /** Reads the beginning. `unpacks`: does the panel unpack compressed calls? Throws `BadCall`. */
  static async open(req: IncomingMessage, unpacks: boolean): Promise<CallBody> {
    const body = new CallBody(req, sourceOf(req, unpacks));
    try {
      await body.#readHead();
      return body;
    } catch (error) {
      await body.drop();
      throw error;
    }
  }

  /** All of it, from the first byte. Throws `BadCall` when it cannot be unpacked. What is not taken runs out. */
  async *chunks(): AsyncGenerator<Buffer> {
    try {
      yield this.head;
      let size = this.head.length;
      while (!this.isWhole) {
        const chunk = await this.#next();
        if (!chunk) return;
        size += chunk.length;
        if (this.isUnpacked && size > LARGEST_UNPACKED) throw new BadCall('a call of great size', 413);
        yield chunk;
      }
    } finally {
      await this.drop();
    }
  }

  /** Lets run out what still comes. */
  async drop(): Promise<void> {
    await this.#chunks.return?.();
    this.#req.unpipe().resume();
  }

  async #readHead(): Promise<void> {
    const held: Buffer[] = [];
    let size = 0;
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<never>((_resolve, reject) => {
      timer = setTimeout(() => reject(new BadCall('a call that came too slowly', 408)), HEAD_MILLISECONDS);
    });
    try {
      while (!this.isWhole && size < HEAD_BYTES) {
        const chunk = await Promise.race([this.#next(), late]);
        if (!chunk) this.isWhole = true;
        else held.push(chunk);
        size += chunk?.length ?? 0;
      }
      this.head = Buffer.concat(held);
    } finally {
      clearTimeout(timer);
    }
  }

  /** The next piece, undefined after the last. */
  async #next(): Promise<Buffer | undefined> {
    try {
      const { done, value } = await this.#chunks.next();
      return done ? undefined : value;
    } catch (error) {
      if (!String((error as NodeJS.ErrnoException).code).startsWith('Z_')) throw error;
      throw new BadCall('a call that cannot be unpacked');
    }
  }
}

function sourceOf(req: IncomingMessage, unpacks: boolean): Readable {
  const coding = req.headers['content-encoding']?.trim().toLowerCase() ?? '';
  if (coding === '' || coding === 'identity') return req;
  const unpacker = unpacks ? UNPACKERS.get(coding) : undefined;
  if (!unpacker) throw new BadCall('a compressed call');
  const source = req.pipe(unpacker());
  req.once('error', (error) => source.destroy(error));
  return source;
}
