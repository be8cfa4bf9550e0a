import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { AuditSeal } from '../../src/core/audit/audit-seal.js';
import { copyDatabase } from '../../src/operator/database-copying.js';
import { TypeOrmAuditLog } from '../../src/storage/audit-log.typeorm.js';
import { openDataSource } from '../../src/storage/data-source.js';
import { TypeOrmFactorStore } from '../../src/storage/factor-store.typeorm.js';
import { TypeOrmLoginLedger } from '../../src/storage/login-ledger.typeorm.js';
import { newFactor, RULE } from '../contracts/factors.js';
import { manifestSchema } from '../storage/sqlite.js';
import { startMariaDb } from '../support/mariadb.js';
import { startPostgreSql } from '../support/postgresql.js';
import { tempFolder } from '../support/temp-folder.js';

const [mariaDb, postgreSql] = await Promise.all([startMariaDb(), startPostgreSql()]);
after(() => Promise.all([mariaDb.stop(), postgreSql.stop()]));
await mariaDb.execute('CREATE DATABASE one; CREATE DATABASE two');
const folder = tempFolder();
const schema = await manifestSchema();

/** From and to each kind, and back to the first. */
const PLACES = [
  `sqlite:${join(folder, 'first.sqlite')}`,
  `mysql://root@/one?socket=${mariaDb.socket}`,
  `postgres://postgres@127.0.0.1:${postgreSql.port}/postgres`,
  `mysql://root@/two?socket=${mariaDb.socket}`,
  `sqlite:${join(folder, 'last.sqlite')}`,
];
const FACTORS = 1_203;

async function fill(url: string): Promise<void> {
  const source = await openDataSource(url, schema);
  const factors = new TypeOrmFactorStore(source, RULE);
  const audit = new TypeOrmAuditLog(source, new AuditSeal(Buffer.alloc(32, 9)));
  await audit.begin(1);
  await source.transaction(async () => {
    for (let id = 1; id <= FACTORS; id++) {
      await factors.activate(
        newFactor({ realm: id % 2 ? 'user' : 'mailuser', id: String(id) }, `g${id}`),
        undefined,
      );
    }
  });
  await factors.spendAttempt({ realm: 'user', id: '1' }, 'g1', 1_795_000_000_000);
  await factors.remove({ realm: 'user', id: '3' }, 'g3', {
    generation: 'gone',
    removedAt: 1_795_000_000_001,
  });
  await new TypeOrmLoginLedger(source).open('a-login', 1_795_000_000_002);
  for (const accountName of ['ümläut', 'a"b\\c', '🔑', '']) {
    await audit.record({
      action: 'login.code',
      actor: { realm: 'user', id: '1' },
      account: { realm: 'user', id: '1' },
      accountName,
      address: '2001:db8::1',
      at: 1_795_000_000_003,
    });
  }
  await source.destroy();
}

/** Every row of every table, as text. */
async function contentOf(url: string): Promise<string[]> {
  const source = await openDataSource(url, schema);
  const rows: string[] = [];
  for (const { target, name } of source.entityMetadatas) {
    for (const row of await source.getRepository(target).find()) rows.push(`${name} ${JSON.stringify(row)}`);
  }
  await source.destroy();
  return rows.sort();
}

test('a database goes through every kind and is the same at the end', async () => {
  const [first = ''] = PLACES;
  await fill(first);
  const before = await contentOf(first);
  assert.equal(before.length, FACTORS + 6);
  for (const [index, to] of PLACES.slice(1).entries()) {
    const from = PLACES[index] ?? '';
    const told: string[] = [];
    await copyDatabase(from, to, ({ table, rows, isWhole }) => {
      if (isWhole) told.push(`${rows} ${table}`);
    });
    assert.deepEqual(told, [
      '602 factors of users',
      '601 factors of mail users',
      '1 opened logins',
      '5 audit events',
    ]);
    assert.deepEqual(await contentOf(to), before, to);
  }
  const log = await openDataSource(PLACES[2] ?? '', schema);
  await new TypeOrmAuditLog(log, new AuditSeal(Buffer.alloc(32, 9))).record({
    action: 'login.code',
    actor: { realm: 'user', id: '1' },
    account: { realm: 'user', id: '1' },
    accountName: 'the log goes on',
    address: '',
    at: 1,
  });
  await log.destroy();
});

test('a database with something in it is left as it is, and so is one that is not there', async () => {
  const [first = ''] = PLACES;
  const full = PLACES[1] ?? '';
  const before = await contentOf(full);
  await assert.rejects(
    copyDatabase(first, full, () => undefined),
    /^Error: The new database is not empty: it has factors of users$/,
  );
  assert.deepEqual(await contentOf(full), before);
  await assert.rejects(
    copyDatabase(`sqlite:${join(folder, 'none.sqlite')}`, full, () => undefined),
    /none\.sqlite cannot be opened/,
  );
  writeFileSync(join(folder, 'text.sqlite'), 'no database, but long enough to be looked at as one');
  await assert.rejects(
    copyDatabase(first, `sqlite:${join(folder, 'text.sqlite')}`, () => undefined),
    /text\.sqlite cannot be opened/,
  );
});

test('what changes meanwhile undoes the copy', async () => {
  const [first = ''] = PLACES;
  const to = `sqlite:${join(folder, 'again.sqlite')}`;
  const writer = await openDataSource(first, schema);
  const changing = copyDatabase(first, to, async ({ table, isWhole }) => {
    if (!isWhole || table !== 'audit events') return;
    await writer.query("UPDATE twofa_user_secret SET failures = 7 WHERE account_id = '5'");
  });
  await assert.rejects(
    changing,
    /The factors of users changed while they were copied: stop the gateway and try again/,
  );
  await writer.destroy();
  assert.deepEqual(await contentOf(to), []);
});
