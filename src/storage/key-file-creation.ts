import { randomBytes } from 'node:crypto';
import { link, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { syncFolder, writeNew } from './durable-file.js';
import { KeyFileError } from './key-file-error.js';
import { newKeyRingText } from './key-file-format.js';

/**
 * Creates a key file with one new key, mode 0400. It appears whole or not at all, also when the power fails, and one
 * that somebody else created meanwhile is left alone.
 */
export async function createKeyFile(path: string): Promise<void> {
  const temporary = `${path}.${randomBytes(6).toString('hex')}.tmp`;
  try {
    await writeNew(temporary, newKeyRingText());
    // A link never takes the place of a file that is there, as a rename would.
    await link(temporary, path).catch(unlessPresent);
    await syncFolder(dirname(path));
  } catch (error) {
    throw new KeyFileError(path, `cannot be created: ${(error as Error).message}`);
  } finally {
    await rm(temporary, { force: true });
  }
}

function unlessPresent(error: NodeJS.ErrnoException): void {
  if (error.code !== 'EEXIST') {
    throw error;
  }
}
