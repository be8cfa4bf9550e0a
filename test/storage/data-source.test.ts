import assert from 'node:assert/strict';
import { rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';
import type { DataSource } from 'typeorm';
import { openDataSource } from '../../src/storage/data-source.js';
import { hasFactors, TypeOrmFactorStore } from '../../src/storage/factor-store.typeorm.js';
import { activated, freshKey, NOW, RULE } from '../contracts/factors.js';
import { parallel } from '../contracts/parallel.js';
import { manifestSchema, openTestDatabase, temporaryFolder } from './sqlite.js';

describe('the database', () => {
  it('after the migrations has nothing that the entities would change', async () => {
    const { dataSource, close } = await openTestDatabase();
    const { upQueries } = await dataSource.driver.createSchemaBuilder().log();
    assert.deepEqual(upQueries, []);
    await close();
  });

  it('has indexes by name, and loses everything of ours on the way down', async () => {
    const { dataSource, close } = await openTestDatabase();
    assert.deepEqual(await names(dataSource), [
      'ix_twofa_audit_account',
      'ix_twofa_opened_login_at',
      'twofa_audit',
      'twofa_mail_user_secret',
      'twofa_migrations',
      'twofa_opened_login',
      'twofa_user_secret',
    ]);
    for (const _ of (await manifestSchema()).migrations) await dataSource.undoLastMigration();
    assert.deepEqual(await names(dataSource), ['twofa_migrations']);
    await close();
  });

  it('keeps what it holds when it is opened again, by a second process as well', async () => {
    const { dataSources, close } = await openTestDatabase(2);
    const [first, second] = dataSources.map((dataSource) => new TypeOrmFactorStore(dataSource, RULE));
    const key = await activated(first as TypeOrmFactorStore);
    assert.equal((await second?.find(key))?.kind, 'active');
    await close();
  });

  it('is opened by three processes that start at once on a new file', async () => {
    const folder = await temporaryFolder();
    const schema = await manifestSchema();
    const nodes = await parallel(3, () => openDataSource(`sqlite:${join(folder, 'new.sqlite')}`, schema));
    for (const node of nodes) {
      assert.deepEqual((await node.driver.createSchemaBuilder().log()).upQueries, []);
      await node.destroy();
    }
    await rm(folder, { recursive: true });
  });

  it('writes ahead, waits for other writers and syncs each commit', async () => {
    const { dataSource, close } = await openTestDatabase();
    assert.deepEqual(await dataSource.query('PRAGMA journal_mode'), [{ journal_mode: 'wal' }]);
    assert.deepEqual(await dataSource.query('PRAGMA busy_timeout'), [{ timeout: 1_500 }]);
    assert.deepEqual(await dataSource.query('PRAGMA synchronous'), [{ synchronous: 2 }]);
    await close();
  });

  it('is readable for nobody else', async () => {
    const folder = await temporaryFolder();
    after(() => rm(folder, { recursive: true }));
    const path = join(folder, 'new', 'test.sqlite');
    const dataSource = await openDataSource(`sqlite:${path}`, await manifestSchema());
    await activated(new TypeOrmFactorStore(dataSource, RULE));
    assert.equal((await stat(join(folder, 'new'))).mode & 0o777, 0o700);
    assert.equal((await stat(path)).mode & 0o777, 0o600);
    assert.equal((await stat(`${path}-wal`)).mode & 0o777, 0o600);
    await dataSource.destroy();
  });

  it('lives in memory when told so', async () => {
    const dataSource = await openDataSource('sqlite::memory:', await manifestSchema());
    assert.equal(await hasFactors(dataSource), false);
    await dataSource.destroy();
  });

  it('refuses names and addresses it does not know', async () => {
    const schema = await manifestSchema();
    const unknownEntity = { ...schema, entities: [...schema.entities, 'toString'] };
    await assert.rejects(
      openDataSource('sqlite::memory:', unknownEntity),
      /Unknown entity "toString": known are/,
    );
    const unknownMigration = { ...schema, migrations: ['DropEverything1'] };
    await assert.rejects(
      openDataSource('sqlite::memory:', unknownMigration),
      /Unknown migration "DropEverything1"/,
    );
    for (const url of ['', 'sqlite:', 'mssql://localhost', '/path']) {
      await assert.rejects(openDataSource(url, schema), /must be sqlite:/);
    }
  });

  it('rejects a file that is no database', async () => {
    await assert.rejects(openDataSource('sqlite:plugin.manifest.json/x', await manifestSchema()));
  });
});

describe('hasFactors', () => {
  it('sees factors of both realms and no tombstones', async () => {
    for (const realm of ['user', 'mailuser'] as const) {
      const { dataSource, close } = await openTestDatabase();
      const store = new TypeOrmFactorStore(dataSource, RULE);
      const key = await activated(store, freshKey(realm));
      assert.equal(await hasFactors(dataSource), true);
      await store.remove(key, 'first', { generation: 'tomb', removedAt: NOW });
      assert.equal(await hasFactors(dataSource), false);
      await close();
    }
  });
});

describe('the factor store', () => {
  it('leaves nothing secret in the row of a removed factor', async () => {
    const { dataSource, close } = await openTestDatabase();
    const store = new TypeOrmFactorStore(dataSource, RULE);
    const key = await activated(store);
    await store.remove(key, 'first', { generation: 'tomb', removedAt: NOW });
    const [row] = await dataSource.query('SELECT * FROM twofa_user_secret');
    const kept = Object.entries(row).filter(([, value]) => value !== null && value !== 0);
    assert.deepEqual(Object.fromEntries(kept), {
      account_id: key.id,
      generation: 'tomb',
      removed_generation: 'first',
      removed_at: NOW,
    });
    await close();
  });

  it('attack: a row with a part torn out is a fault, never "no factor"', async () => {
    const { dataSource, close } = await openTestDatabase();
    const store = new TypeOrmFactorStore(dataSource, RULE);
    const key = await activated(store);
    await dataSource.query('UPDATE twofa_user_secret SET sealed_secret = NULL');
    await assert.rejects(store.find(key), /incomplete/);
    await assert.rejects(store.list([key]), /incomplete/);
    await close();
  });

  it('rejects, rather than answers false, when a row cannot be written', async () => {
    const { dataSource, close } = await openTestDatabase();
    const store = new TypeOrmFactorStore(dataSource, RULE);
    await dataSource.query('DROP TABLE twofa_user_secret');
    await assert.rejects(activated(store));
    await assert.rejects(store.find(freshKey()));
    await close();
  });
});

async function names(dataSource: DataSource): Promise<string[]> {
  const rows: { name: string }[] = await dataSource.query('SELECT name FROM sqlite_master ORDER BY name');
  return rows.map((row) => row.name).filter((name) => !name.startsWith('sqlite_'));
}
