import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** Tests run from `.build/test/support`, three folders below the project. */
const root = fileURLToPath(new URL('../../../', import.meta.url));

/** An absolute path inside the project. */
export function inProject(...parts: string[]): string {
  return join(root, ...parts);
}
