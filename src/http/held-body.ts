import type { IncomingMessage, ServerResponse } from 'node:http';

/** Kept back of a body until the decision was taken again: of most forms the whole. */
const TAIL = 65_536;
/** No byte goes to its reader on an older decision. */
const FRESH_MILLISECONDS = 1_000;
/** Pieces kept apart; more are made one, as each takes memory of its own. */
const MOST_PIECES = 64;

/** Emitted by a request whose body does not come to its end any more: somebody else answers. */
export const BODY_WITHHELD = 'panel-2fa:body-withheld';

/** May more than a head come of this request? A length need not be told in HTTP/2. */
export function mayHaveBody({ method, headers }: IncomingMessage): boolean {
  if (method !== 'GET' && method !== 'HEAD') return true;
  return headers['transfer-encoding'] !== undefined || Number(headers['content-length'] ?? 0) > 0;
}

/** Answers in place of whoever reads the body. */
export type Refusal = () => Promise<void>;

/**
 * Takes the decision anew; undefined when it is still the same. `partly`: its reader has a part of the body, and may act on
 * that when the rest does not come.
 */
export type DecideAgain = (partly: boolean) => Promise<Refusal | undefined>;

const held = new WeakMap<IncomingMessage, HeldBody>();

/**
 * To be awaited before the connection to the reader of a body is cut in the middle of it: some act on a part. The decision is
 * taken once more, as for a body that is whole.
 */
export async function beforeCut(req: IncomingMessage): Promise<void> {
  await held.get(req)?.abandon();
}

/**
 * Lets `act` read the body of a request, but not to its end before `decide` was asked once more: a decision about the
 * head may be old when the last byte comes, and who acts on a body acts then. Resolves with the refusal when there is
 * one; `act` then waits for a body that never ends, until the connection is closed, and what it does later is not
 * looked at. Rejects as `act` does.
 */
export async function withHeldBody(
  { req, res }: { readonly req: IncomingMessage; readonly res: ServerResponse },
  decide: DecideAgain,
  act: () => Promise<unknown>,
): Promise<Refusal | undefined> {
  if (req.complete) {
    const refusal = await decide(false);
    if (!refusal) await act();
    return refusal;
  }
  const body = new HeldBody(req, decide);
  held.set(req, body);
  res.once('finish', () => body.discard());
  const acting = act().then(() => undefined);
  acting.catch(() => undefined);
  return Promise.race([acting, body.refused]);
}

/** Stands between the parser of HTTP and the reader of a body. */
class HeldBody {
  readonly refused: Promise<Refusal>;
  readonly #req: IncomingMessage;
  readonly #decide: DecideAgain;
  readonly #deliver: (piece: Buffer | null) => boolean;
  #refuse: (refusal: Refusal) => void = () => undefined;
  #pieces: Buffer[] = [];
  #size = 0;
  #ended = false;
  #decidedAt = performance.now();
  #deciding = false;
  #withheld = false;
  #delivered = false;
  #partly = false;

  constructor(req: IncomingMessage, decide: DecideAgain) {
    this.#req = req;
    this.#decide = decide;
    this.#deliver = req.push.bind(req);
    this.refused = new Promise((resolve) => {
      this.#refuse = resolve;
    });
    const early: Buffer | null = req.readableFlowing === null ? req.read() : null;
    if (early) this.#keep(early);
    req.push = (piece: Buffer | null) => this.#receive(piece);
  }

  async abandon(): Promise<void> {
    if (this.#partly && !this.#ended && !this.#withheld) await this.#decide(true);
  }

  /**
   * The answer is complete and nobody reads on: what still comes is read and thrown away, as node does, so that the client
   * sees the answer and the connection is free for its next request. The reader is never told that the body ended.
   */
  discard(): void {
    if (this.#delivered) return;
    this.#withheld = true;
    this.#pieces = [];
    // The stream waits for pieces that it does not get, and would not ask the connection again.
    this.#req.socket.resume();
  }

  /** As `Readable.push`: false asks the parser to wait. */
  #receive(piece: Buffer | null): boolean {
    if (this.#withheld) return true;
    if (piece === null) this.#ended = true;
    else this.#keep(piece);
    if (!this.#ended && this.#size <= TAIL) return true;
    if (!this.#ended && performance.now() - this.#decidedAt < FRESH_MILLISECONDS) return this.#release(TAIL);
    if (!this.#deciding) void this.#decideAgain();
    return false;
  }

  #keep(piece: Buffer): void {
    if (this.#pieces.length >= MOST_PIECES) this.#pieces = [Buffer.concat(this.#pieces)];
    this.#pieces.push(piece);
    this.#size += piece.length;
  }

  async #decideAgain(): Promise<void> {
    this.#deciding = true;
    let refusal: Refusal | undefined;
    let hadEnded: boolean;
    do {
      hadEnded = this.#ended;
      refusal = await this.#decide(this.#partly);
      // The end may have come meanwhile, and is not to go out on facts from before it.
    } while (!refusal && hadEnded !== this.#ended);
    this.#deciding = false;
    this.#decidedAt = performance.now();
    if (this.#withheld) return;
    if (refusal) return this.#withhold(refusal);
    this.#release(this.#ended ? 0 : TAIL);
    if (!this.#ended) return;
    this.#delivered = true;
    this.#deliver(null);
  }

  /** Gives the reader all but exactly so many bytes: the parser waits until the reader has got something. */
  #release(kept: number): boolean {
    let wantsMore = true;
    while (this.#size > kept) {
      const first = this.#pieces.shift() ?? Buffer.alloc(0);
      const given = first.subarray(0, this.#size - kept);
      if (given.length < first.length) this.#pieces.unshift(first.subarray(given.length));
      this.#size -= given.length;
      this.#partly = true;
      wantsMore = this.#deliver(given);
    }
    return wantsMore;
  }

  #withhold(refusal: Refusal): void {
    this.discard();
    this.#req.emit(BODY_WITHHELD);
    this.#refuse(refusal);
  }
}
