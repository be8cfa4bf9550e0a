import { PhpBytes } from './php-bytes.js';
import { isNumberToPhp, type Key, KeySet } from './php-keys.js';
import { UnfitSession } from './unfit-session.js';

/** A value without parts. An integer that is too long for a number is its text. */
export type Scalar = string | number | boolean | null;

const DEEPEST = 32;
/** Of all arrays together; a genuine session has some hundreds. */
const MOST_ENTRIES = 10_000;
const [QUOTE, COLON, SEMICOLON, BAR, OPEN, CLOSE] = [0x22, 0x3a, 0x3b, 0x7c, 0x7b, 0x7d] as const;
const [ARRAY, BOOLEAN, FLOAT, INTEGER, NULL, TEXT] = [0x61, 0x62, 0x64, 0x69, 0x4e, 0x73] as const;
const FRACTION = /^(?:-?\d+(?:\.\d+)?(?:E[+-]\d+)?|-?INF|NAN)$/;

/**
 * Walks through PHP's serialize format by its length prefixes, which count bytes. Contents are never searched, so
 * a stored text that looks like serialized data is only a text. It takes what PHP writes for arrays and for values
 * without parts, in PHP's one spelling, and nothing else: no reference, no object, no key twice.
 *
 * @see https://www.php.net/manual/en/function.serialize.php
 */
export class PhpReader {
  readonly #bytes: PhpBytes;
  #entries = 0;

  constructor(data: Buffer) {
    this.#bytes = new PhpBytes(data);
  }

  get atEnd(): boolean {
    return this.#bytes.atEnd;
  }

  /** The name of a variable of PHP's `php` session format: all before the next `|`. */
  variable(): string {
    const name = this.#bytes.upTo(BAR);
    // A name with "!" is a variable without a value, in a form that no PHP has written since 5.4.
    if (name === '' || name.includes('!')) throw this.#bytes.unreadable('a name');
    return name;
  }

  /** Is an array next? */
  get isArray(): boolean {
    return this.#bytes.next === ARRAY;
  }

  /** Calls `entry` with every key of the array that starts here; it has to read or skip exactly the value. */
  entries(entry: (key: Key) => void): void {
    const bytes = this.#bytes;
    this.#type(ARRAY);
    const count = bytes.length(COLON);
    bytes.expect(OPEN);
    const keys = new KeySet();
    for (let index = 0; index < count; index += 1) {
      this.#entries += 1;
      if (this.#entries > MOST_ENTRIES) throw bytes.unreadable('fewer entries');
      const key = this.#key();
      keys.add(key);
      entry(key);
    }
    bytes.expect(CLOSE);
  }

  /** The value without parts that starts here; undefined for an array, which is skipped. */
  scalar(): Scalar | undefined {
    switch (this.#bytes.next) {
      case TEXT:
        return this.#textEnd(this.#bytes.takeText(this.#textStart()));
      case INTEGER:
        this.#type(INTEGER);
        return this.#bytes.integer(SEMICOLON);
      case BOOLEAN:
        return this.#boolean();
      case NULL:
        this.#bytes.expectBoth(NULL, SEMICOLON);
        return null;
      default:
        this.skip();
        return undefined;
    }
  }

  /** Passes over the value that starts here. */
  skip(depth = 0): void {
    switch (this.#bytes.next) {
      case TEXT:
        this.#textEnd(this.#bytes.pass(this.#textStart()));
        return;
      case ARRAY:
        if (depth > DEEPEST) throw this.#bytes.unreadable('less depth');
        this.entries(() => this.skip(depth + 1));
        return;
      case FLOAT:
        this.#type(FLOAT);
        if (!FRACTION.test(this.#bytes.upTo(SEMICOLON))) throw this.#bytes.unreadable('a fraction');
        return;
      case INTEGER:
      case BOOLEAN:
      case NULL:
        this.scalar();
        return;
      default:
        throw this.#unknown();
    }
  }

  #key(): Key {
    const bytes = this.#bytes;
    if (bytes.next === INTEGER) {
      this.#type(INTEGER);
      return bytes.integer(SEMICOLON);
    }
    const key = this.#textEnd(bytes.take(this.#textStart()));
    if (isNumberToPhp(key)) throw bytes.unreadable('a key as PHP writes it');
    return key;
  }

  /** Its length; its bytes are next. */
  #textStart(): number {
    this.#type(TEXT);
    const length = this.#bytes.length(COLON);
    this.#bytes.expect(QUOTE);
    return length;
  }

  #textEnd<Result>(text: Result): Result {
    this.#bytes.expectBoth(QUOTE, SEMICOLON);
    return text;
  }

  #boolean(): boolean {
    this.#type(BOOLEAN);
    const value = this.#bytes.integer(SEMICOLON);
    if (value !== 0 && value !== 1) throw this.#bytes.unreadable('true or false');
    return value === 1;
  }

  #type(letter: number): void {
    this.#bytes.expectBoth(letter, COLON);
  }

  #unknown(): UnfitSession {
    const letter = String.fromCharCode(this.#bytes.next);
    if ('rR'.includes(letter)) return new UnfitSession('reference', 'A session with a reference');
    if ('OCE'.includes(letter)) return new UnfitSession('object', 'A session with an object');
    return this.#bytes.unreadable('a value');
  }
}
