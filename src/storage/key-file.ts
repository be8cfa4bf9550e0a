import { closeSync, fstatSync, readFileSync } from 'node:fs';
import { openRegularFile, UnusableFile } from '../input/regular-file.js';
import { createKeyFile } from './key-file-creation.js';
import { KeyFileError } from './key-file-error.js';
import { type KeyFileContent, parseKeyRing } from './key-file-format.js';

/** Any right of the group or of others. */
const FOREIGN_RIGHTS = 0o077;

/**
 * Reads the key ring. A missing file is created when `mayCreate()` says so, that is, when the database holds nothing
 * that a lost key would have opened; of several processes one creates it and all read the same. Rejects with a
 * `KeyFileError` when the file is missing and may not be created, open to others, or malformed.
 */
export async function loadKeyFile(path: string, mayCreate: () => Promise<boolean>): Promise<KeyFileContent> {
  const present = readPrivately(path);
  if (present !== undefined) {
    return parseKeyRing(path, present);
  }
  if (!(await mayCreate())) {
    throw new KeyFileError(path, 'is missing but the database holds factors: restore it from your backup');
  }
  await createKeyFile(path);
  const created = readPrivately(path);
  if (created === undefined) {
    throw new KeyFileError(path, 'disappeared right after it was created');
  }
  return parseKeyRing(path, created);
}

/** Reads the key ring of a file that must be there; throws a `KeyFileError`. */
export function readKeyFile(path: string): KeyFileContent {
  const present = readPrivately(path);
  if (present === undefined) throw new KeyFileError(path, 'is missing');
  return parseKeyRing(path, present);
}

/** The text of the file, or undefined when there is none. At once, since a request may wait for an unknown key. */
function readPrivately(path: string): string | undefined {
  try {
    const file = openRegularFile(path);
    try {
      const { mode } = fstatSync(file);
      if ((mode & FOREIGN_RIGHTS) !== 0) {
        throw new KeyFileError(path, `is open to others (mode ${octal(mode)}): set it to 0400`);
      }
      return readFileSync(file, 'utf8');
    } finally {
      closeSync(file);
    }
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') {
      return undefined;
    }
    if (error instanceof KeyFileError) throw error;
    const problem =
      error instanceof UnusableFile ? error.problem : `cannot be read: ${(error as Error).message}`;
    throw new KeyFileError(path, problem);
  }
}

function octal(mode: number): string {
  return (mode & 0o777).toString(8).padStart(4, '0');
}
