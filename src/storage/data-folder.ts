import { randomBytes } from 'node:crypto';
import { closeSync, constants, fchmodSync } from 'node:fs';
import { realpath, rm, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import sqlite3 from 'sqlite3';
import { DataSource } from 'typeorm';
import { openRegularFile } from '../input/regular-file.js';
import { makeFolder } from './make-folder.js';
import { quietSqlite } from './quiet-sqlite.js';

const { O_CREAT, O_RDWR, O_NOFOLLOW } = constants;
const CREATE_NO_LINK = O_CREAT | O_RDWR | O_NOFOLLOW;
/** SQLITE_OPEN_NOFOLLOW, which the driver has no name for. */
const OPEN_NO_LINK = sqlite3.OPEN_READWRITE | 0x01000000;

/** Why a data folder cannot be used, in one line for an operator. */
export class DataFolderError extends Error {
  override readonly name = 'DataFolderError';
}

/** A data folder that belongs to this process alone. */
export interface FolderLock {
  release(): Promise<void>;
}

/**
 * Creates the data folder when it is missing (mode 0700), proves that it can be written, and takes it for this
 * process. Rejects with a `DataFolderError` when another holds it or when it cannot be written. The lock ends with
 * `release()` or with the process, however that dies.
 */
export async function lockFolder(folder: string): Promise<FolderLock> {
  try {
    await makeFolder(folder);
    const probe = join(folder, `.probe-${randomBytes(6).toString('hex')}`);
    await writeFile(probe, '', { flag: 'wx', mode: 0o600 });
    await rm(probe);
  } catch (error) {
    throw new DataFolderError(`The data folder ${folder} cannot be written: ${(error as Error).message}`);
  }
  return lockFile(join(folder, 'lock.sqlite'), `The data folder ${folder}`);
}

/**
 * Takes a file that is there only to be locked, as {@link lockFolder} does; `what` begins the message when it cannot. Its
 * mode is 0600, since whoever can read it could hold it. A link is refused: it would lead to the file of somebody else.
 */
export async function lockFile(path: string, what: string): Promise<FolderLock> {
  try {
    const file = openRegularFile(path, CREATE_NO_LINK, 0o600);
    try {
      fchmodSync(file, 0o600);
    } finally {
      closeSync(file);
    }
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    const reason = code === 'ELOOP' ? `${path} is a link; remove it` : message;
    throw new DataFolderError(`${what} cannot be written: ${reason}`);
  }
  // SQLite refuses links in the whole path then.
  return takeLock(join(await realpath(dirname(path)), basename(path)), what);
}

/**
 * Node has no call for file locks of the operating system, but SQLite holds one for as long as an exclusive
 * transaction is open; a file with a process id in it would outlive a kill.
 */
async function takeLock(database: string, what: string): Promise<FolderLock> {
  const lock = new DataSource({ type: 'sqlite', driver: quietSqlite, database, flags: OPEN_NO_LINK });
  try {
    await lock.initialize();
    await lock.query('PRAGMA busy_timeout = 0');
    await lock.query('BEGIN EXCLUSIVE');
  } catch (error) {
    if (lock.isInitialized) {
      await lock.destroy();
    }
    const { message } = error as Error;
    throw new DataFolderError(
      message.includes('SQLITE_BUSY')
        ? `${what} is in use by another process`
        : `${what} cannot be written: ${message}`,
    );
  }
  return { release: () => lock.destroy() };
}
