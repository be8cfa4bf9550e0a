const EVERY_MILLISECONDS = 500;

/** Tells on a terminal how far a long walk is; says nothing where nobody looks, or standard output is a terminal too. */
export class Progress {
  readonly #what: string;
  readonly #isShown = process.stderr.isTTY && !process.stdout.isTTY;
  #count = 0;
  #shownAt = Date.now();

  constructor(what: string) {
    this.#what = what;
  }

  step(): void {
    this.at(this.#count + 1);
  }

  at(count: number): void {
    this.#count = count;
    if (!this.#isShown || Date.now() - this.#shownAt < EVERY_MILLISECONDS) return;
    this.#shownAt = Date.now();
    process.stderr.write(`\r${this.#count} ${this.#what}`);
  }

  end(): void {
    if (this.#isShown) process.stderr.write(`\r${this.#count} ${this.#what}\n`);
  }
}
