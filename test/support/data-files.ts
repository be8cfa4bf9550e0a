import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** The bytes of all files of a data folder whose names begin like this, what SQLite has not moved over yet among them, as latin1. */
export function bytesOf(folder: string, name: string): string {
  return readdirSync(folder)
    .filter((file) => file.startsWith(name))
    .map((file) => readFileSync(join(folder, file), 'latin1'))
    .join('\n');
}
