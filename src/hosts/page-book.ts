/** A page that passes without our part, and the theme it was shown in. */
export interface UnknownPage {
  readonly path: string;
  readonly theme: string;
}

/** Where the pages that are unknown now are kept beyond a restart, and for who asks about them. */
export interface PageBook {
  read(): readonly UnknownPage[];
  write(pages: readonly UnknownPage[]): void;
}
