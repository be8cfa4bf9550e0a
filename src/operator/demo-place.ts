import { join, resolve } from 'node:path';
import { becomeOwner } from '../storage/become-owner.js';
import type { KeyPlace } from './key-keeping.js';

/** The installation of the demo panel in a folder; as root, becomes the owner of its key file, as {@link becomeOwner}. */
export function enterDemo(data: string): KeyPlace {
  const folder = resolve(data);
  const keyFile = join(folder, 'key');
  becomeOwner(keyFile, [folder]);
  return { database: `sqlite:${join(folder, 'panel-2fa.sqlite')}`, keyFile };
}
