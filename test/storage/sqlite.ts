import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { DataSource } from 'typeorm';
import { openDataSource, type Schema } from '../../src/storage/data-source.js';

export interface TestDatabase {
  readonly dataSource: DataSource;
  readonly dataSources: readonly DataSource[];
  close(): Promise<void>;
}

/** The names in the manifest, so that manifest and code are tested together. */
export async function manifestSchema(): Promise<Schema> {
  return JSON.parse(await readFile('plugin.manifest.json', 'utf8'));
}

export async function temporaryFolder(): Promise<string> {
  return mkdtemp(join(tmpdir(), 'panel-2fa-'));
}

/** Nodes on one database file of this test alone, made by the real migrations. */
export async function openTestDatabase(nodes = 1): Promise<TestDatabase> {
  const folder = await temporaryFolder();
  const schema = await manifestSchema();
  const dataSources: DataSource[] = [];
  for (let node = 0; node < nodes; node++) {
    dataSources.push(await openDataSource(`sqlite:${join(folder, 'test.sqlite')}`, schema));
  }
  const close = async () => {
    await Promise.all(dataSources.map((dataSource) => dataSource.destroy()));
    await rm(folder, { recursive: true });
  };
  return { dataSource: dataSources[0] as DataSource, dataSources, close };
}
