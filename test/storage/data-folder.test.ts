import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, readdir, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';
import { DataFolderError, lockFolder } from '../../src/storage/data-folder.js';
import { temporaryFolder } from './sqlite.js';

const HOLDER = fileURLToPath(new URL('folder-holder.js', import.meta.url));

describe('the lock of a data folder', async () => {
  const parent = await temporaryFolder();
  after(() => rm(parent, { recursive: true }));

  it('creates the folder for this user alone and leaves no probe behind', async () => {
    const folder = join(parent, 'new', 'data');
    const lock = await lockFolder(folder);
    assert.equal((await stat(folder)).mode & 0o777, 0o700);
    assert.ok((await readdir(folder)).every((name) => name.startsWith('lock.sqlite')));
    await lock.release();
  });

  it('keeps a second process out, and a second caller in this one', async () => {
    const folder = join(parent, 'shared');
    const lock = await lockFolder(folder);
    const [holder, line] = await hold(folder);
    assert.equal(line, `DataFolderError: The data folder ${folder} is in use by another process`);
    await ended(holder);
    await assert.rejects(lockFolder(folder), /is in use by another process/);
    await lock.release();
    await (await lockFolder(folder)).release();
  });

  it('ends with its process, also by SIGKILL', async () => {
    const folder = join(parent, 'killed');
    const [holder, line] = await hold(folder);
    assert.equal(line, 'held');
    await assert.rejects(lockFolder(folder), DataFolderError);
    holder.kill('SIGKILL');
    await ended(holder);
    await (await lockFolder(folder)).release();
  });

  it('refuses at once, it does not wait', async () => {
    const folder = join(parent, 'at-once');
    const lock = await lockFolder(folder);
    const started = Date.now();
    await assert.rejects(lockFolder(folder), DataFolderError);
    assert.ok(Date.now() - started < 500);
    await lock.release();
  });

  it('has a lock file that nobody else can read or hold, and follows no link to it', async () => {
    const folder = join(parent, 'lock');
    await (await lockFolder(folder)).release();
    const lock = join(folder, 'lock.sqlite');
    assert.equal((await stat(lock)).mode & 0o777, 0o600);
    await chmod(lock, 0o644);
    await (await lockFolder(folder)).release();
    assert.equal((await stat(lock)).mode & 0o777, 0o600, 'one of a version before is closed');
    const target = join(parent, 'target');
    await writeFile(target, '', { mode: 0o644 });
    await rm(lock);
    await symlink(target, lock);
    await assert.rejects(lockFolder(folder), /lock\.sqlite is a link; remove it/);
    assert.equal((await stat(target)).mode & 0o777, 0o644);
  });

  it('says in one line why a folder cannot be written', async () => {
    const file = join(parent, 'file');
    await writeFile(file, '');
    for (const folder of [file, join(file, 'below')]) {
      await assert.rejects(lockFolder(folder), (error: Error) => {
        assert.ok(error instanceof DataFolderError);
        assert.match(error.message, /^The data folder .* cannot be written: .+$/);
        return true;
      });
    }
  });

  it('refuses a lock file that is no database', async () => {
    const folder = join(parent, 'spoilt');
    await (await lockFolder(folder)).release();
    await writeFile(join(folder, 'lock.sqlite'), 'text '.repeat(1_000));
    await assert.rejects(lockFolder(folder), /cannot be written: SQLITE_NOTADB/);
  });
});

/** Starts a process that takes the folder; its first line tells how that went. */
async function hold(folder: string): Promise<[ChildProcess, string]> {
  const holder = spawn(process.execPath, [HOLDER, folder], { stdio: ['ignore', 'pipe', 'inherit'] });
  const [chunk] = await once(holder.stdout, 'data');
  return [holder, String(chunk).trim()];
}

async function ended(process: ChildProcess): Promise<void> {
  if (process.exitCode === null && process.signalCode === null) {
    await once(process, 'exit');
  }
}
