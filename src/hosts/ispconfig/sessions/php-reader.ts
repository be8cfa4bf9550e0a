/** A text in PHP's serialize format that is not well-formed, or that this reader refuses to follow. */
export class MalformedData extends Error {
  override readonly name = 'MalformedData';
}

const DEEPEST = 32;
/** Bytes of a number or of the name of a variable. */
const LONGEST_SCALAR = 256;
const QUOTE = 0x22;
const COLON = 0x3a;
const SEMICOLON = 0x3b;
const BAR = 0x7c;
const OPEN = 0x7b;
const CLOSE = 0x7d;
const STRING = 0x73;
const ARRAY = 0x61;
const INTEGER = 0x69;
const NULL = 0x4e;
const OBJECT = 0x4f;

/**
 * Walks through PHP's serialize format by its length prefixes, which count bytes. Contents are never searched, so
 * a stored text that looks like serialized data is only a text.
 *
 * @see https://www.php.net/manual/en/function.serialize.php
 */
export class PhpReader {
  readonly #data: Buffer;
  #at = 0;

  constructor(data: Buffer) {
    this.#data = data;
  }

  get atEnd(): boolean {
    return this.#at === this.#data.length;
  }

  /** What type is next: `a` for an array, `N` for null. */
  get next(): string {
    return String.fromCharCode(this.#data[this.#at] ?? 0);
  }

  /** The name of a variable of PHP's `php` session format: all before the next `|`. */
  variable(): string {
    const name = this.#upTo(BAR);
    // A name with "!" is a variable without a value, in a form that no PHP has written since 5.4.
    if (name === '' || name.includes('!')) throw this.#malformed('a name');
    return name;
  }

  /** Calls `entry` with every key of the array that starts here; it has to read or skip exactly the value. */
  entries(entry: (key: string) => void): void {
    if (this.next !== 'a') throw this.#malformed('an array');
    this.#typeSign();
    const count = this.#number(COLON);
    this.#expect(OPEN);
    for (let index = 0; index < count; index += 1) entry(this.#key());
    this.#expect(CLOSE);
  }

  /** The scalar that starts here as its text, null for null; undefined for what has parts, which is skipped. */
  scalar(): string | null | undefined {
    switch (this.next) {
      case 'N':
        this.skip();
        return null;
      case 'b':
      case 'i':
      case 'd':
        return this.#short();
      case 's': {
        const length = this.#stringStart();
        const text = this.#data.toString('utf8', this.#at, this.#at + length);
        this.#stringEnd(length);
        return text;
      }
      default:
        this.skip();
        return undefined;
    }
  }

  /** Passes over the value that starts here. */
  skip(depth = 0): void {
    if (depth > DEEPEST) throw this.#malformed('less depth');
    switch (this.#data[this.#at]) {
      case STRING:
        this.#stringEnd(this.#stringStart());
        break;
      case ARRAY:
        this.#typeSign();
        this.#skipParts(depth);
        break;
      case INTEGER:
      case 0x62: // b
      case 0x64: // d
      case 0x72: // r
      case 0x52: // R
        this.#typeSign();
        this.#skipShort();
        break;
      case NULL:
        this.#at += 1;
        this.#expect(SEMICOLON);
        break;
      case OBJECT:
        this.#typeSign();
        this.#quoted(this.#number(COLON));
        this.#expect(COLON);
        this.#skipParts(depth);
        break;
      default:
        throw this.#malformed('a value');
    }
  }

  #skipParts(depth: number): void {
    const count = this.#number(COLON);
    this.#expect(OPEN);
    for (let index = 0; index < count; index += 1) {
      const type = this.#data[this.#at];
      if (type !== STRING && type !== INTEGER) throw this.#malformed('a key');
      this.skip();
      this.skip(depth + 1);
    }
    this.#expect(CLOSE);
  }

  #skipShort(): void {
    const end = this.#at + LONGEST_SCALAR;
    while (this.#data[this.#at] !== SEMICOLON) {
      if (this.#at > end) throw this.#malformed('";"');
      this.#at += 1;
    }
    this.#at += 1;
  }

  #key(): string {
    const key = this.next === 's' || this.next === 'i' ? this.scalar() : undefined;
    if (typeof key !== 'string') throw this.#malformed('a key');
    return key;
  }

  /** `i:42;` and its like; a reference (`r`, `R`) looks the same. */
  #short(): string {
    this.#typeSign();
    return this.#upTo(SEMICOLON);
  }

  #stringStart(): number {
    this.#typeSign();
    const length = this.#number(COLON);
    this.#expect(QUOTE);
    return length;
  }

  #stringEnd(length: number): void {
    this.#at += length;
    this.#expect(QUOTE);
    this.#expect(SEMICOLON);
  }

  #quoted(length: number): void {
    this.#expect(QUOTE);
    this.#at += length;
    this.#expect(QUOTE);
  }

  /** The letter of a type and the sign behind it. */
  #typeSign(): void {
    this.#at += 1;
    this.#expect(COLON);
  }

  #number(end: number): number {
    let value = 0;
    const start = this.#at;
    for (; this.#data[this.#at] !== end; this.#at += 1) {
      const digit = (this.#data[this.#at] ?? 0) - 0x30;
      if (digit < 0 || digit > 9 || this.#at - start > 9) throw this.#malformed('a length');
      value = value * 10 + digit;
    }
    if (this.#at === start) throw this.#malformed('a length');
    this.#at += 1;
    return value;
  }

  #upTo(byte: number): string {
    const end = this.#data.indexOf(byte, this.#at);
    if (end < 0 || end - this.#at > LONGEST_SCALAR) throw this.#malformed(`"${String.fromCharCode(byte)}"`);
    const text = this.#data.toString('utf8', this.#at, end);
    this.#at = end + 1;
    return text;
  }

  #expect(byte: number): void {
    if (this.#data[this.#at] !== byte) throw this.#malformed(`"${String.fromCharCode(byte)}"`);
    this.#at += 1;
  }

  #malformed(expected: string): MalformedData {
    return new MalformedData(`Serialized data without ${expected} at byte ${this.#at}`);
  }
}
