/** A small fast generator (mulberry32): a seed that is printed gives the same run again. */
export class Random {
  #state;

  constructor(seed) {
    this.#state = seed >>> 0;
  }

  /** A whole number from 0 to below `end`. */
  below(end) {
    this.#state = (this.#state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(this.#state ^ (this.#state >>> 15), 1 | this.#state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((((mixed ^ (mixed >>> 14)) >>> 0) * end) / 4294967296) >>> 0;
  }

  of(items) {
    return items[this.below(items.length)];
  }

  text(length) {
    let text = '';
    for (let left = length; left > 0; left -= 1) text += String.fromCharCode(this.below(256));
    return text;
  }
}
