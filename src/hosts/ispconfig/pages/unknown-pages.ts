import type { PageBook, UnknownPage } from '../../page-book.js';

const NO_BOOK: PageBook = { read: () => [], write: () => undefined };
/** A theme is a name in a session; nobody has so many. */
const MOST = 200;

/** Which pages of which themes were not recognised when they were last shown. */
export class UnknownPages {
  readonly #book: PageBook;
  readonly #pages = new Map<string, UnknownPage>();

  constructor(book: PageBook = NO_BOOK) {
    this.#book = book;
    for (const page of book.read()) this.#pages.set(keyOf(page), page);
  }

  has(page: UnknownPage): boolean {
    return this.#pages.has(keyOf(page));
  }

  /** True when this is news. */
  add(page: UnknownPage): boolean {
    if (this.has(page) || this.#pages.size >= MOST) return false;
    this.#pages.set(keyOf(page), page);
    this.#book.write([...this.#pages.values()]);
    return true;
  }

  /** It was recognised. */
  drop(page: UnknownPage): void {
    if (this.#pages.delete(keyOf(page))) this.#book.write([...this.#pages.values()]);
  }
}

function keyOf({ path, theme }: UnknownPage): string {
  return JSON.stringify([path, theme]);
}
