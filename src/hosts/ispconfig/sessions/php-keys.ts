import { UnfitSession } from './unfit-session.js';

/** A key of a PHP array: a text by its bytes, a number, or as text a number beyond those of JavaScript. */
export type Key = string | number;

/** What PHP takes for a number when it is the text of a key; the longest only as far as 64 bits go. */
const NUMERIC = /^(?:0|-?[1-9]\d{0,18})$/;
const LAST = 2n ** 63n;
const NINE = 0x39;
/** So few are compared one by one, which costs less than a set. */
const FEW = 8;

/** Would PHP make a number of this text, so that it never writes it as one? */
export function isNumberToPhp(text: string): boolean {
  // Most keys begin with a letter.
  if (text.charCodeAt(0) > NINE || text.length > 20 || !NUMERIC.test(text)) return false;
  return text.length < 19 || (BigInt(text) < LAST && BigInt(text) >= -LAST);
}

/** The keys of one array, each of which may come once. */
export class KeySet {
  readonly #few: Key[] = [];
  #many: Set<Key> | undefined;
  /** A list has the numbers below this one; they need not be kept. */
  #listed = 0;

  add(key: Key): void {
    if (key === this.#listed) this.#listed += 1;
    else if (this.#has(key)) throw new UnfitSession('key-twice', 'An array with a key twice');
    else this.#keep(key);
  }

  #has(key: Key): boolean {
    if (typeof key === 'number' && key >= 0 && key < this.#listed) return true;
    return this.#many ? this.#many.has(key) : this.#few.includes(key);
  }

  #keep(key: Key): void {
    if (this.#many) this.#many.add(key);
    else if (this.#few.push(key) > FEW) this.#many = new Set(this.#few);
  }
}
