/** A path of an add-on or a theme that answers everybody, and the methods it answers to. */
export interface PublicPath {
  readonly path: string;
  readonly methods: readonly string[];
}

/** What an operator opens beyond the panel's own public pages. */
export interface OpenPathsOptions {
  /** Exact paths. */
  readonly public: readonly PublicPath[];
  /** Folders of other applications at the panel's address, like `/webmail/`. */
  readonly passThrough: readonly string[];
}

/** Leads out of the folder it stands in, for one web server or another. */
const LEADS_OUT = /[\0\\]|%(?:00|2e|2f|5c)/i;

/** The paths an operator has opened: all others are judged as the panel's. */
export class OpenPaths {
  readonly #public: ReadonlyMap<string, readonly string[]>;
  readonly #folders: readonly string[];

  constructor({ public: paths, passThrough }: OpenPathsOptions) {
    this.#public = new Map(paths.map(({ path, methods }) => [path, methods]));
    this.#folders = passThrough;
  }

  /** The methods that a public path answers to; undefined for every other path. */
  methodsOf(path: string): readonly string[] | undefined {
    return this.#public.get(path);
  }

  /** Is it a folder that passes through, or a path that stays below it in every reading? */
  passesThrough(path: string): boolean {
    return (
      this.#folders.some((folder) => `${path}/` === folder || path.startsWith(folder)) && staysBelow(path)
    );
  }
}

/** As it is without a word of the operator. */
export const NOTHING_OPEN = new OpenPaths({ public: [], passThrough: [] });

function staysBelow(path: string): boolean {
  try {
    const decoded = decodeURIComponent(path);
    const encodesMore = LEADS_OUT.test(decoded) || /%(?:00|2f|5c)/i.test(path);
    return !encodesMore && decoded.split('/').every((part) => part !== '.' && !part.startsWith('..'));
  } catch {
    return false;
  }
}
