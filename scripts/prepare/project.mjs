import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../../', import.meta.url));

/**
 * An absolute path inside the project.
 *
 * @param {...string} parts
 */
export function at(...parts) {
  return join(root, ...parts);
}
