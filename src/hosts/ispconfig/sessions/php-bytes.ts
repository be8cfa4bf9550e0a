import { UnfitSession } from './unfit-session.js';

const [ZERO, NINE, MINUS] = [0x30, 0x39, 0x2d] as const;
/** Bytes of a name of a variable or of a fraction: PHP writes none that is longer. */
const LONGEST = 256;
/** Digits that a number of JavaScript holds exactly, and those of PHP's longest integer. */
const [EXACT, MOST] = [15, 19] as const;
const LAST = 2n ** 63n;

/** A place in serialized data that moves on as it is read. Nothing behind it is looked at. */
export class PhpBytes {
  readonly #data: Buffer;
  /** A character for each byte: faster to look at than the bytes, and to cut keys from. */
  readonly #text: string;
  #at = 0;

  constructor(data: Buffer) {
    this.#data = data;
    this.#text = data.toString('latin1');
  }

  get atEnd(): boolean {
    return this.#at === this.#text.length;
  }

  /** The byte that is next; at the end 0, which begins nothing. */
  get next(): number {
    return this.#at < this.#text.length ? this.#text.charCodeAt(this.#at) : 0;
  }

  expect(byte: number): void {
    if (this.#text.charCodeAt(this.#at) !== byte) throw this.unreadable(`"${String.fromCharCode(byte)}"`);
    this.#at += 1;
  }

  /** Two signs, as behind each type. */
  expectBoth(first: number, second: number): void {
    this.expect(first);
    this.expect(second);
  }

  /** A length or a count, and the sign behind it. */
  length(end: number): number {
    const value = this.integer(end);
    if (typeof value !== 'number' || value < 0) throw this.unreadable('a length');
    return value;
  }

  /** An integer of 64 bits in the one spelling that PHP writes, and the sign behind it; as text when it is too long for a number. */
  integer(end: number): number | string {
    const start = this.#at;
    const isNegative = this.next === MINUS;
    if (isNegative) this.#at += 1;
    const first = this.#at;
    let value = 0;
    for (; this.next >= ZERO && this.next <= NINE; this.#at += 1) value = value * 10 + (this.next - ZERO);
    const digits = this.#at - first;
    const isCanonical =
      digits === 1 ? !isNegative || value > 0 : digits <= MOST && this.#text.charCodeAt(first) !== ZERO;
    if (digits === 0 || !isCanonical) throw this.unreadable('an integer');
    const text = digits > EXACT ? this.#text.slice(start, this.#at) : undefined;
    this.expect(end);
    if (text === undefined) return isNegative ? -value : value;
    if (BigInt(text) >= LAST || BigInt(text) < -LAST) throw this.unreadable('an integer of 64 bits');
    return text;
  }

  /** As many bytes, as text where UTF-8 and its like are kept apart by their bytes. */
  take(length: number): string {
    const from = this.#at;
    this.pass(length);
    return this.#text.slice(from, this.#at);
  }

  /** As many bytes as UTF-8. */
  takeText(length: number): string {
    const from = this.#at;
    this.pass(length);
    return this.#data.toString('utf8', from, this.#at);
  }

  pass(length: number): void {
    this.#at += length;
    if (this.#at > this.#text.length) throw this.unreadable(`${length} bytes`);
  }

  /** All before a sign, which is passed over. */
  upTo(byte: number): string {
    const length = this.#text.slice(this.#at, this.#at + LONGEST + 1).indexOf(String.fromCharCode(byte));
    if (length < 0) throw this.unreadable(`"${String.fromCharCode(byte)}"`);
    const text = this.take(length);
    this.#at += 1;
    return text;
  }

  unreadable(expected: string): UnfitSession {
    return new UnfitSession('unreadable', `Serialized data without ${expected} at byte ${this.#at}`);
  }
}
