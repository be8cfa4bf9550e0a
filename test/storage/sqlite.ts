import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { DataSource } from 'typeorm';
import { openDataSource, type Schema } from '../../src/storage/data-source.js';

/** The names in the manifest, so that manifest and code are tested together. */
export async function manifestSchema(): Promise<Schema> {
  return JSON.parse(await readFile('plugin.manifest.json', 'utf8'));
}

export async function temporaryFolder(): Promise<string> {
  return mkdtemp(join(tmpdir(), 'panel-2fa-'));
}

/** A database file of this test alone, made by the real migrations. */
export async function openTestDatabase(): Promise<{ dataSource: DataSource; close(): Promise<void> }> {
  const folder = await temporaryFolder();
  const dataSource = await openDataSource(`sqlite:${join(folder, 'test.sqlite')}`, await manifestSchema());
  const close = async () => {
    await dataSource.destroy();
    await rm(folder, { recursive: true });
  };
  return { dataSource, close };
}
