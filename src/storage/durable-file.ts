import { open } from 'node:fs/promises';

export interface Owner {
  readonly uid: number;
  readonly gid: number;
}

/** Writes a file that must not be there yet through to the disk; mode 0400, for this user or the owner given. */
export async function writeNew(path: string, text: string, owner?: Owner): Promise<void> {
  const file = await open(path, 'wx', 0o400);
  try {
    if (owner) await file.chown(owner.uid, owner.gid);
    await file.writeFile(text);
    await file.sync();
  } finally {
    await file.close();
  }
}

/** Makes what was created, renamed or removed in a folder last. */
export async function syncFolder(path: string): Promise<void> {
  const folder = await open(path, 'r');
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}
