import assert from 'node:assert/strict';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, it } from 'node:test';
import type { Statement } from 'sqlite3';
import { SqliteDatabase } from '../../src/storage/sqlite-database.js';
import { temporaryFolder } from './sqlite.js';

const WORD = 'SELECT word FROM words WHERE id = ?';

let folder: string;
let path: string;

describe('a SQLite connection that keeps its statements', () => {
  beforeEach(async () => {
    folder = await temporaryFolder();
    path = join(folder, 'words.sqlite');
  });
  afterEach(() => rm(folder, { recursive: true }));

  it('gives each of many reads at once its own row, prepared or kept', async () => {
    const database = await opened();
    await filled(database, 50);
    for (let round = 0; round < 3; round += 1) {
      const rows = await Promise.all(Array.from({ length: 50 }, (_, id) => read(database, WORD, [id])));
      assert.deepEqual(
        rows,
        Array.from({ length: 50 }, (_, id) => [{ word: `word ${id}` }]),
      );
    }
    await closed(database);
  });

  it('prepares a text once for reads after each other', async () => {
    const database = await opened();
    await filled(database, 1);
    database.prepared.length = 0;
    for (let round = 0; round < 5; round += 1) await read(database, WORD, [0]);
    assert.equal(database.prepared.length, 1);
    await closed(database);
  });

  it('sees with a kept statement what another connection has written', async () => {
    const [database, other] = [await opened(), await opened()];
    await filled(database, 1);
    for (const word of ['one', 'two']) {
      await write(other, `UPDATE words SET word = '${word}'`);
      assert.deepEqual(await read(database, WORD, [0]), [{ word }]);
    }
    await Promise.all([closed(database), closed(other)]);
  });

  it('sees with a kept statement a table that has changed', async () => {
    const database = await opened();
    await filled(database, 1);
    await read(database, 'SELECT * FROM words');
    await write(database, 'ALTER TABLE words ADD COLUMN kind varchar');
    assert.deepEqual(await read(database, 'SELECT * FROM words'), [{ id: 0, word: 'word 0', kind: null }]);
    await closed(database);
  });

  it('goes on with a text that failed, when it was prepared or when it was carried out', async () => {
    const database = await opened();
    await assert.rejects(read(database, WORD, [0]), /no such table/);
    await filled(database, 1);
    assert.deepEqual(await read(database, WORD, [0]), [{ word: 'word 0' }]);
    const absolute = 'SELECT abs(CAST(? AS INTEGER)) AS number';
    for (let round = 0; round < 3; round += 1) {
      await assert.rejects(read(database, absolute, ['-9223372036854775808']), /integer overflow/);
      assert.deepEqual(await read(database, absolute, ['-5']), [{ number: 5 }]);
    }
    await closed(database);
  });

  it('keeps a bounded number of them', async () => {
    const database = await opened();
    await filled(database, 1);
    for (let text = 0; text < 200; text += 1) await read(database, `SELECT ${text} FROM words`);
    await Promise.all(Array.from({ length: 200 }, () => read(database, WORD, [0])));
    const kept = database.prepared.length - database.finalized;
    assert.ok(kept <= 64 + 32, `${kept} statements`);
    await closed(database);
  });

  it('closes while reads are under way, and answers them', async () => {
    const database = await opened();
    await filled(database, 1);
    const reads = Array.from({ length: 20 }, () => read(database, WORD, [0]));
    await closed(database);
    assert.deepEqual(new Set((await Promise.all(reads)).flat().map(({ word }) => word)), new Set(['word 0']));
  });
});

class CountedDatabase extends SqliteDatabase {
  readonly prepared: Statement[] = [];
  finalized = 0;

  override prepare(sql: string, ...rest: unknown[]): Statement {
    const statement = super.prepare(sql, ...rest);
    const finalize = statement.finalize.bind(statement);
    statement.finalize = (...given) => {
      this.finalized += 1;
      return finalize(...given);
    };
    this.prepared.push(statement);
    return statement;
  }
}

/** Another connection to the file of the test that is running. */
async function opened(): Promise<CountedDatabase> {
  const database = await new Promise<CountedDatabase>((resolve, reject) => {
    const made: CountedDatabase = new CountedDatabase(path, (error) =>
      error ? reject(error) : resolve(made),
    );
  });
  await write(database, 'PRAGMA journal_mode = WAL');
  return database;
}

async function filled(database: CountedDatabase, rows: number): Promise<void> {
  await write(database, 'CREATE TABLE words (id integer PRIMARY KEY, word varchar)');
  const values = Array.from({ length: rows }, (_, id) => `(${id}, 'word ${id}')`);
  await write(database, `INSERT INTO words VALUES ${values}`);
}

function read(database: CountedDatabase, sql: string, parameters?: unknown[]): Promise<{ word?: string }[]> {
  return new Promise((resolve, reject) => {
    const done = (error: Error | null, rows: { word?: string }[]) => (error ? reject(error) : resolve(rows));
    database.all(sql, parameters, done);
  });
}

function write(database: CountedDatabase, sql: string): Promise<void> {
  return new Promise((resolve, reject) => {
    database.exec(sql, (error) => (error ? reject(error) : resolve()));
  });
}

function closed(database: CountedDatabase): Promise<void> {
  return new Promise((resolve, reject) => {
    database.close((error) => (error ? reject(error) : resolve()));
  });
}
