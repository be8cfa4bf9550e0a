import { closeSync, constants, fstatSync, openSync, readFileSync, statSync } from 'node:fs';

const { O_RDONLY, O_NONBLOCK } = constants;
/** What opening a socket or a FIFO without a reader, a folder, or a device without a driver says. */
const OTHER_KINDS = new Set(['ENXIO', 'EISDIR', 'ENODEV']);

/** Why a path cannot be used as a file, in one line for an operator. `code` is that of the system, as ENOENT. */
export class UnusableFile extends Error {
  override readonly name = 'UnusableFile';
  readonly problem: string;
  readonly code: string | undefined;

  constructor(path: string, problem: string, code?: string) {
    super(`${path} ${problem}`);
    this.problem = problem;
    this.code = code;
  }
}

/**
 * Opens a file, whatever stands there without ever waiting: a FIFO would wait for its other end, and a device may have no
 * end. Links are followed unless `flags` say O_NOFOLLOW. Throws an {@link UnusableFile}. The caller closes the descriptor.
 */
export function openRegularFile(path: string, flags = O_RDONLY, mode?: number): number {
  let file: number;
  try {
    file = openSync(path, flags | O_NONBLOCK, mode);
  } catch (error) {
    const { code = '' } = error as NodeJS.ErrnoException;
    if (OTHER_KINDS.has(code)) throw new UnusableFile(path, 'is not a regular file');
    throw new UnusableFile(path, `cannot be ${flags === O_RDONLY ? 'read' : 'opened'}: ${code}`, code);
  }
  if (fstatSync(file).isFile()) return file;
  closeSync(file);
  throw new UnusableFile(path, 'is not a regular file');
}

/** For a file that somebody else is going to open: as {@link openRegularFile}, without opening it. */
export function requireRegularFile(path: string): void {
  let isFile: boolean;
  try {
    isFile = statSync(path).isFile();
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw new UnusableFile(path, `cannot be read: ${code}`, code);
  }
  if (!isFile) throw new UnusableFile(path, 'is not a regular file');
}

/** The whole of a file; as {@link openRegularFile}. */
export function readRegularFile(path: string): Buffer {
  const file = openRegularFile(path);
  try {
    return readFileSync(file);
  } finally {
    closeSync(file);
  }
}
