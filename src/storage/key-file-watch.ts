import { statSync } from 'node:fs';
import type { KeyMaterial } from '../core/keys/key-ring.js';
import { readKeyFile } from './key-file.js';

/** So often a running program looks whether its key file is another one. */
const LOOK_MS = 2_000;
/** With an unknown key id it looks at once, but not more often than this: anybody can make ids up. */
const LOOK_AGAIN_MS = 1_000;

/**
 * Notices that another process has changed the key file. One that cannot be found, looked at or read changes nothing; why
 * is told once, until it can be read again or the reason is another one.
 */
export class KeyFileWatch {
  readonly #path: string;
  readonly #failed: (error: unknown) => void;
  /** The file that the keys in use come from. */
  #seen: string | undefined;
  #told: string | undefined;
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
    if (seen !== undefined && seen === this.#seen) return undefined;
    try {
      const keys = readKeyFile(this.#path);
      this.#seen = seen;
      this.#told = undefined;
      return keys;
    } catch (error) {
      this.#seen = undefined;
      this.#tell(error);
      return undefined;
    }
  }

  #tell(error: unknown): void {
    const text = String(error);
    if (text === this.#told) return;
    this.#told = text;
    this.#failed(error);
  }
}

/** Changes whenever the file does: it is never written in place. Without one, reading tells what is wrong. */
function identityOf(path: string): string | undefined {
  try {
    const found = statSync(path, { bigint: true });
    return [found.dev, found.ino, found.mtimeNs, found.ctimeNs, found.size].join();
  } catch {
    return undefined;
  }
}
