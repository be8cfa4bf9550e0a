import { execFile } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** The system's own `crypt` through perl: knows `$6$`, `$5$`, `$1$` and `$2y$`, and is not the code under test. */
const program = 'print crypt(pack("H*", $ARGV[0]), $ARGV[1])';

/** A stored password for a salt as `crypt` takes it, or for `md5`; a new `$6$` as the panel makes them without one. */
export async function hashPassword(
  password: string,
  salt = `$6$rounds=5000$${randomBytes(8).toString('hex')}$`,
): Promise<string> {
  if (salt === 'md5') return createHash('md5').update(password).digest('hex');
  const hex = Buffer.from(password).toString('hex');
  const { stdout } = await run('perl', ['-e', program, hex, salt]);
  if (!stdout.startsWith('$')) throw new Error(`No hash for ${salt}: ${stdout}`);
  return stdout;
}

/** As the panel compares: backslashes are stripped from what was typed. */
export async function isPassword(typed: string, stored: string): Promise<boolean> {
  const password = stripSlashes(typed);
  if (stored.startsWith('$')) return (await hashPassword(password, stored)) === stored;
  return (await hashPassword(password, 'md5')) === stored;
}

/** PHP's `stripslashes`: a backslash goes, what follows it stays, and `\0` becomes NUL. */
export function stripSlashes(text: string): string {
  return text.replaceAll(/\\([\s\S]?)/g, (_, next: string) => (next === '0' ? '\0' : next));
}
