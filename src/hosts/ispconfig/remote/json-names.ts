import { BadCall } from './bad-call.js';

const [QUOTE, BACKSLASH, COMMA, COLON] = [0x22, 0x5c, 0x2c, 0x3a];
const [OPEN_LIST, CLOSE_LIST, OPEN_OBJECT, CLOSE_OBJECT] = [0x5b, 0x5d, 0x7b, 0x7d];
const BLANKS = [0x20, 0x09, 0x0a, 0x0d];
/** Deeper than what PHP reads. */
const DEEPEST = 512;
/** Longer than any text that matters, with every character escaped. */
const LONGEST = 2_048;

/**
 * Finds one name of the outermost object in JSON that comes in pieces, at a cost that grows with its length alone. Of
 * JSON that is not well-formed it may say anything: PHP takes nothing of that. Throws `BadCall` for what is no object
 * and no list, for what is too deep, and for a name that stands there twice.
 */
export class JsonNames {
  readonly #wanted: ReadonlySet<string>;
  readonly #texts = new Map<string, string | undefined>();
  #depth = 0;
  #isOver = false;
  #inText = false;
  #isEscaped = false;
  /** Bytes of the name or text that is being read, when it may matter. */
  #text: number[] | undefined;
  /** In the outermost object: is a name to come, or the text of this one? */
  #awaits: 'name' | 'colon' | 'value' | undefined;
  #name = '';

  constructor(wanted: readonly string[]) {
    this.#wanted = new Set(wanted);
  }

  /** Is the object or list complete? */
  get isOver(): boolean {
    return this.#isOver;
  }

  /** Reads on; answers how many bytes of the piece come before the one that completes it all. */
  write(piece: Uint8Array): number {
    let end = this.#isOver ? 0 : piece.length;
    for (let at = 0; at < piece.length; at += 1) {
      const byte = piece[at] as number;
      if (this.#inText) this.#readText(byte);
      else if (BLANKS.includes(byte)) continue;
      else if (this.#isOver) throw new BadCall('something behind the call');
      else {
        this.#readMark(byte);
        if (this.#isOver) end = at;
      }
    }
    return end;
  }

  /** The text of a wanted name; undefined when it is absent or no text. To be asked when all is written. */
  textOf(name: string): string | undefined {
    return this.#texts.get(name);
  }

  #readText(byte: number): void {
    if (this.#isEscaped) this.#isEscaped = false;
    else if (byte === BACKSLASH) this.#isEscaped = true;
    else if (byte === QUOTE) {
      this.#inText = false;
      if (this.#text) this.#endText(this.#text);
      return;
    }
    if (this.#text && this.#text.length <= LONGEST) this.#text.push(byte);
  }

  #readMark(byte: number): void {
    if (this.#depth === 0 && byte !== OPEN_OBJECT && byte !== OPEN_LIST)
      throw new BadCall('a call without names');
    if (byte === QUOTE) {
      this.#inText = true;
      this.#text = this.#depth === 1 && this.#awaits ? [] : undefined;
      return;
    }
    if (byte === OPEN_OBJECT || byte === OPEN_LIST) {
      this.#depth += 1;
      if (this.#depth > DEEPEST) throw new BadCall('JSON of great depth');
      if (this.#depth === 1) this.#awaits = byte === OPEN_OBJECT ? 'name' : undefined;
    } else if (byte === CLOSE_OBJECT || byte === CLOSE_LIST) {
      this.#depth -= 1;
      this.#isOver = this.#depth === 0;
    } else if (this.#depth === 1 && byte === COMMA && this.#awaits !== undefined) this.#awaits = 'name';
    else if (this.#depth === 1 && byte === COLON && this.#awaits === 'colon') this.#awaits = 'value';
  }

  #endText(bytes: readonly number[]): void {
    const isLong = bytes.length > LONGEST;
    if (this.#awaits === 'name') {
      this.#name = isLong ? '' : decoded(bytes);
      this.#awaits = 'colon';
      if (!this.#wanted.has(this.#name)) return;
      if (this.#texts.has(this.#name)) throw new BadCall('a name twice');
      this.#texts.set(this.#name, undefined);
    } else if (this.#awaits === 'value' && this.#wanted.has(this.#name)) {
      if (isLong) throw new BadCall('a long text');
      this.#texts.set(this.#name, decoded(bytes));
    }
  }
}

function decoded(bytes: readonly number[]): string {
  try {
    return JSON.parse(`"${Buffer.from(bytes).toString()}"`) as string;
  } catch {
    throw new BadCall('a call that is no JSON');
  }
}
