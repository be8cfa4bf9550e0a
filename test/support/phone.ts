import { code } from './oathtool.js';

/** Seconds a code of the step before must still be good for when it is typed, on however busy a machine. */
const MARGIN = 10;

/** An authenticator app: knows the key it scanned, and never gives the same code twice. */
export class Phone {
  readonly key: string;
  readonly period: number;
  #lastStep = 0;

  constructor(key: string, period = 30) {
    this.key = key;
    this.period = period;
  }

  /** A code that the panel accepts now and has not seen; waits for its time when all that are valid were given. */
  async next(): Promise<string> {
    for (;;) {
      const now = Date.now() / 1000;
      const current = Math.floor(now / this.period);
      const left = (current + 1) * this.period - now;
      const step = Math.max(this.#lastStep + 1, left > MARGIN ? current - 1 : current);
      if (step <= current + 1) {
        this.#lastStep = step;
        return this.#codeOf(step);
      }
      await new Promise((resolve) => setTimeout(resolve, left * 1000));
    }
  }

  /** Six digits that are no code of these minutes. */
  wrong(): string {
    const current = Math.floor(Date.now() / 1000 / this.period);
    const right = [-2, -1, 0, 1, 2, 3].map((distance) => this.#codeOf(current + distance));
    const found = ['000000', '111111', '222222', '333333', '444444', '555555', '666666'];
    return found.find((candidate) => !right.includes(candidate)) ?? '';
  }

  #codeOf(step: number): string {
    return code(this.key, { period: this.period, at: step * this.period });
  }
}
