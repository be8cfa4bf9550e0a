import { closeSync, constants, fstatSync, openSync, type Stats } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { untrustedPart } from './trusted-path.js';

const ROOT = 0;

/** Why root does not go on, in one line for an operator. */
export class RootError extends Error {
  override readonly name = 'RootError';
}

/**
 * As root, becomes the user whom the key file belongs to, for good: groups, then group, then user, so that none can be
 * taken back. When the key file is root's own, root stays root, and then nobody else may be able to exchange one of the
 * `places` that are opened. Somebody else than root stays who he is. To be called before anything else is opened: what
 * the service owns must not decide what root does. Throws a `RootError` when it is not clear whom to become.
 */
export function becomeOwner(keyFile: string, places: readonly string[]): void {
  if (process.geteuid?.() !== ROOT) return;
  const { uid, gid } = ownerOf(keyFile);
  refuseUntrusted([keyFile], uid);
  if (uid === ROOT) refuseUntrusted(places, ROOT);
  else if (gid !== ROOT) become(uid, gid);
  else throw new RootError(`The key file ${keyFile} has the group root: give it the group of its user`);
}

/** Decided from a descriptor, which no link leads to; of a key file that is not there yet, from its folder. */
function ownerOf(keyFile: string): Stats {
  for (let path = resolve(keyFile); ; path = dirname(path)) {
    const found = statNoLink(path);
    if (!found) continue;
    if (path === resolve(keyFile) ? found.isFile() : found.isDirectory()) return found;
    throw new RootError(`${path} is ${path === resolve(keyFile) ? 'not a regular file' : 'no folder'}`);
  }
}

function statNoLink(path: string): Stats | undefined {
  try {
    const file = openSync(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
    try {
      return fstatSync(file);
    } finally {
      closeSync(file);
    }
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT') return undefined;
    if (code === 'ENXIO') throw new RootError(`${path} is not a regular file`);
    if (code === 'ELOOP') throw new RootError(`${path} is a link: root follows none to a key file`);
    throw new RootError(message);
  }
}

function refuseUntrusted(paths: readonly string[], owner: number): void {
  for (const path of paths) {
    const part = untrustedPart(path, owner);
    if (!part) continue;
    const who = owner === ROOT ? 'root' : `root and user ${owner}`;
    throw new RootError(`Root does not use ${path}: ${part}. It must be changed by nobody but ${who}.`);
  }
}

function become(uid: number, gid: number): void {
  try {
    // What the types do not have: the groups of the user in /etc/group.
    (process as typeof process & { initgroups(user: number, group: number): void }).initgroups(uid, gid);
  } catch (error) {
    // Somebody without a name has no further groups.
    if ((error as NodeJS.ErrnoException).code !== 'ERR_UNKNOWN_CREDENTIAL') throw error;
    process.setgroups?.([gid]);
  }
  process.setgid?.(gid);
  process.setuid?.(uid);
  process.umask(0o077);
  const now = [process.getuid?.(), process.geteuid?.(), process.getgid?.(), process.getegid?.()];
  if (now.join() !== [uid, uid, gid, gid].join() || canReturn()) {
    throw new RootError(`Root could not become user ${uid} for good`);
  }
  if (!canRead(import.meta.filename)) {
    throw new RootError(
      `User ${uid} cannot read the program at ${import.meta.dirname}: move it, to /opt say`,
    );
  }
}

function canReturn(): boolean {
  try {
    process.setuid?.(ROOT);
    return true;
  } catch {
    return false;
  }
}

function canRead(file: string): boolean {
  try {
    closeSync(openSync(file, 'r'));
    return true;
  } catch {
    return false;
  }
}
