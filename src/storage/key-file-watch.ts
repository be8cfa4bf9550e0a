import { statSync } from 'node:fs';
import type { KeyMaterial } from '../core/keys/key-ring.js';
import { readKeyFile } from './key-file.js';

/** So often a running program looks whether its key file is another one. */
const LOOK_MS = 2_000;
/** With an unknown key id it looks at once, but not more often than this: anybody can make ids up. */
const LOOK_AGAIN_MS = 1_000;

/** Notices that another process has changed the key file. One that cannot be read is told once and changes nothing. */
export class KeyFileWatch {
  readonly #path: string;
  readonly #failed: (error: unknown) => void;
  #seen: string | undefined;
  #lookedAt = 0;
  #timer: NodeJS.Timeout | undefined;

  constructor(path: string, failed: (error: unknown) => void) {
    this.#path = path;
    this.#failed = failed;
  }

  /** Calls `use` with the contents of the file after each change, until `stop`. */
  start(use: (keys: KeyMaterial) => void): void {
    this.#timer = setInterval(() => {
      const keys = this.#look();
      if (keys) use(keys);
    }, LOOK_MS).unref();
  }

  stop(): void {
    clearInterval(this.#timer);
  }

  /** The contents of the file now, if not yet known. */
  lookAgain(): KeyMaterial | undefined {
    const now = performance.now();
    if (now - this.#lookedAt < LOOK_AGAIN_MS) return undefined;
    this.#lookedAt = now;
    return this.#look();
  }

  #look(): KeyMaterial | undefined {
    const seen = identityOf(this.#path);
    if (seen === this.#seen) return undefined;
    this.#seen = seen;
    try {
      return readKeyFile(this.#path);
    } catch (error) {
      this.#failed(error);
      return undefined;
    }
  }
}

/** Changes whenever the file does: it is never written in place. */
function identityOf(path: string): string {
  const found = statSync(path, { bigint: true, throwIfNoEntry: false });
  return found ? [found.dev, found.ino, found.mtimeNs, found.ctimeNs, found.size].join() : 'missing';
}
