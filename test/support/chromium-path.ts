import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';

/** The browser of the tests: what `CHROMIUM` names, else the system's own on the PATH. None is ever downloaded. */
export function chromiumPath(): string {
  const { CHROMIUM, PATH = '' } = process.env;
  if (CHROMIUM) return CHROMIUM;
  const found = PATH.split(delimiter)
    .map((folder) => join(folder, 'chromium'))
    .find((path) => existsSync(path));
  if (!found) throw new Error('No chromium on the PATH, and CHROMIUM names none');
  return found;
}
