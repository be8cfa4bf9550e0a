import { lstatSync, readlinkSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';

const ROOT = 0;
/** Write for the group and for others. */
const OTHERS_WRITE = 0o022;
const STICKY = 0o1000;
const MOST_LINKS = 40;

/**
 * What somebody else could exchange on the way to a file, the file included: each folder and link, and the file, must
 * belong to root or `owner`, and nobody else may write in it, as sshd's StrictModes wants it. A folder with the sticky
 * bit passes: nobody takes away there what is not his. Undefined when all is well, also when the file is not there and
 * nobody else can put one.
 */
export function untrustedPart(path: string, owner: number): string | undefined {
  const todo = partsOf(resolve(path));
  let at = '/';
  let isOpen = false;
  for (let links = 0; ; ) {
    const name = todo.shift();
    if (name === undefined) return undefined;
    const next = name === '..' ? dirname(at) : join(at, name);
    const found = lstatSync(next, { throwIfNoEntry: false });
    if (!found) return isOpen ? `${next} is not there, and everybody can put it into ${at}` : undefined;
    if (found.uid !== ROOT && found.uid !== owner) return `${next} belongs to user ${found.uid}`;
    if (found.isSymbolicLink()) {
      links += 1;
      if (links > MOST_LINKS) return `${next} leads in a circle`;
      const target = readlinkSync(next);
      if (target.startsWith('/')) at = '/';
      todo.unshift(...partsOf(target));
      continue;
    }
    isOpen = (found.mode & OTHERS_WRITE) !== 0;
    if (isOpen && !(found.isDirectory() && found.mode & STICKY)) {
      return `others can write ${next} (mode ${(found.mode & 0o7777).toString(8).padStart(4, '0')})`;
    }
    at = next;
  }
}

function partsOf(path: string): string[] {
  return path.split('/').filter((part) => part !== '' && part !== '.');
}
