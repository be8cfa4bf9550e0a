/** What PHP's `serialize` knows of and a panel's session holds; a record is an array, in order. */
export type PhpValue = string | number | boolean | null | PhpArray;
export interface PhpArray {
  [key: string]: PhpValue;
}

/** A whole session in PHP's "php" format: `key|serialized` one after the other, without separators. */
export function encodeSession(session: PhpArray): string {
  return Object.entries(session)
    .map(([key, value]) => `${key}|${serialize(value)}`)
    .join('');
}

/**
 * The inverse of {@link encodeSession}, and as lenient as PHP: of two equal keys the last one counts, a reference is the
 * value it points to, and an object is what it holds. Throws on anything else.
 */
export function decodeSession(text: string): PhpArray {
  const reader = new Reader(Buffer.from(text));
  const session: PhpArray = {};
  while (!reader.atEnd) {
    const key = reader.until('|');
    session[key] = reader.value();
  }
  return session;
}

/** Lengths are in bytes. */
export function serialize(value: PhpValue): string {
  if (value === null) return 'N;';
  if (typeof value === 'boolean') return `b:${value ? 1 : 0};`;
  if (typeof value === 'number') return `i:${value};`;
  if (typeof value === 'string') return `s:${Buffer.byteLength(value)}:"${value}";`;
  const entries = Object.entries(value);
  const items = entries.map(([key, item]) => keyOf(key) + serialize(item)).join('');
  return `a:${entries.length}:{${items}}`;
}

/** PHP makes a number of a key that looks like one. */
function keyOf(key: string): string {
  return serialize(/^(0|-?[1-9]\d{0,17})$/.test(key) ? Number(key) : key);
}

class Reader {
  readonly #bytes: Buffer;
  /** All values in their order, as references count them. */
  readonly #values: PhpValue[] = [];
  #at = 0;

  constructor(bytes: Buffer) {
    this.#bytes = bytes;
  }

  get atEnd(): boolean {
    return this.#at >= this.#bytes.length;
  }

  until(mark: string): string {
    const end = this.#bytes.indexOf(mark, this.#at);
    if (end < 0) throw new Error(`No ${mark} after byte ${this.#at}`);
    const text = this.#bytes.toString('utf8', this.#at, end);
    this.#at = end + mark.length;
    return text;
  }

  value(): PhpValue {
    const type = this.#take(1);
    if (type === 'N') return this.#counted(this.#expect(';', null));
    this.#expect(':', null);
    if (type === 'R' || type === 'r') return this.#values[Number(this.until(';')) - 1] ?? null;
    if (type === 'O') {
      this.until('"');
      this.until('":');
    }
    return type === 'a' || type === 'O' ? this.#array() : this.#counted(this.#plain(type));
  }

  #plain(type: string): PhpValue {
    if (type === 'b') return this.until(';') === '1';
    if (type === 'i') return Number(this.until(';'));
    if (type === 's') {
      const length = Number(this.until(':'));
      this.#expect('"', null);
      return this.#expect('";', this.#take(length));
    }
    throw new Error(`Type ${type} at byte ${this.#at}`);
  }

  #array(): PhpArray {
    const array: PhpArray = {};
    this.#values.push(array);
    const count = Number(this.until(':'));
    this.#expect('{', null);
    for (let n = 0; n < count; n += 1) {
      const key = String(this.#key());
      array[key] = this.value();
    }
    return this.#expect('}', array);
  }

  #key(): PhpValue {
    const type = this.#take(1);
    this.#expect(':', null);
    return this.#plain(type);
  }

  #counted(value: PhpValue): PhpValue {
    this.#values.push(value);
    return value;
  }

  #take(length: number): string {
    this.#at += length;
    return this.#bytes.toString('utf8', this.#at - length, this.#at);
  }

  #expect<Result>(mark: string, result: Result): Result {
    const found = this.#take(mark.length);
    if (found !== mark) throw new Error(`${found} instead of ${mark} before byte ${this.#at}`);
    return result;
  }
}
