import { realpathSync } from 'node:fs';
import { rename, rm, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { KeptKeys, KeyKeeper } from '../core/keys/key-keeper.js';
import { lockFile } from './data-folder.js';
import { syncFolder, writeNew } from './durable-file.js';
import { readKeyFile } from './key-file.js';
import { KeyFileError } from './key-file-error.js';
import { type KeyFileContent, keyFileText, newKey } from './key-file-format.js';

export interface LockedKeyFile extends KeyKeeper {
  close(): Promise<void>;
}

/**
 * The key file to be changed, by this process alone. Each change is a new file that takes the place of the old one,
 * mode 0400. Rejects with a `KeyFileError` when the file is missing, open to others or malformed, and when it belongs to
 * another user: root has become that user before. Rejects when another process holds it.
 */
export async function lockKeyFile(given: string): Promise<LockedKeyFile> {
  readKeyFile(given);
  // The rename must not put a file in the place of a link.
  const path = realpathSync(given);
  if ((await stat(path)).uid !== process.geteuid?.()) {
    throw new KeyFileError(path, 'belongs to another user, who alone can change it');
  }
  const lock = await lockFile(`${path}.lock`, `The key file ${path}`);
  const temporary = `${path}.new`;
  // Left by one that was killed.
  await rm(temporary, { force: true });

  async function replace(next: KeyFileContent): Promise<KeptKeys> {
    try {
      await writeNew(temporary, keyFileText(next));
      await rename(temporary, path);
      await syncFolder(dirname(path));
    } catch (error) {
      throw new KeyFileError(path, `cannot be changed: ${(error as Error).message}`);
    }
    return next;
  }

  return {
    read: async () => readKeyFile(path),
    add: async (at) => {
      const content = readKeyFile(path);
      const [id, key] = newKey();
      const times = new Map(content.times).set(id, { added: at });
      return replace({ ...content, keys: new Map(content.keys).set(id, key), times });
    },
    activate: async (active, at) => {
      const content = readKeyFile(path);
      const times = new Map(
        [...content.keys.keys()].map((id) => {
          const { added, retired = at } = content.times.get(id) ?? {};
          return [id, { ...(added !== undefined && { added }), ...(id !== active && { retired }) }];
        }),
      );
      return replace({ ...content, active, times });
    },
    drop: async (ids) => {
      const content = readKeyFile(path);
      if (ids.includes(content.active)) throw new Error('The active key cannot be dropped');
      const keys = new Map([...content.keys].filter(([id]) => !ids.includes(id)));
      return replace({ ...content, keys });
    },
    close: () => lock.release(),
  };
}
