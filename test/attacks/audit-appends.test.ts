import assert from 'node:assert/strict';
import { join } from 'node:path';
import { after, type TestContext, test } from 'node:test';
import { AuditSeal } from '../../src/core/audit/audit-seal.js';
import { AuditVerification } from '../../src/core/audit/audit-verification.js';
import { TypeOrmAuditLog } from '../../src/storage/audit-log.typeorm.js';
import { auditRows } from '../../src/storage/audit-rows.js';
import { openDataSource } from '../../src/storage/data-source.js';
import { manifestSchema } from '../storage/sqlite.js';
import { startMariaDb } from '../support/mariadb.js';
import { startPostgreSql } from '../support/postgresql.js';
import { runProcess } from '../support/process.js';
import { inProject } from '../support/project.js';
import { tempFolder } from '../support/temp-folder.js';
import { AUDIT_KEY, eventOf } from './audit-events.js';

const seal = new AuditSeal(AUDIT_KEY);

const stops: (() => Promise<void>)[] = [];

const databases: Readonly<Record<string, () => Promise<string>>> = {
  SQLite: async () => `sqlite:${join(tempFolder(), 'audit.sqlite')}`,
  MariaDB: async () => {
    const server = await startMariaDb();
    stops.push(() => server.stop());
    await server.execute("CREATE DATABASE audit; CREATE USER p IDENTIFIED BY 'p'; GRANT ALL ON audit.* TO p");
    return server.url('p', 'p', 'audit');
  },
  PostgreSQL: async () => {
    const server = await startPostgreSql();
    stops.push(() => server.stop());
    return server.url;
  },
};

// Waiting for the end of a server keeps nothing going.
const alive = setInterval(() => undefined, 1_000);
after(async () => {
  for (const stop of stops) await stop();
  clearInterval(alive);
});

for (const [name, start] of Object.entries(databases)) {
  let started: Promise<string> | undefined;
  const open = async (t: TestContext) => {
    started ??= start();
    const url = await started;
    const dataSource = await openDataSource(url, await manifestSchema());
    t.after(() => dataSource.destroy());
    return { url, dataSource };
  };

  test(`attack: fifty appends at once from each of two processes leave one unbroken log, on ${name}`, async (t) => {
    const { url, dataSource } = await open(t);
    const at = String(Date.now() + 4_000);
    const appender = inProject('.build/test/attacks/audit-appender.js');
    const runs = await Promise.all(
      ['1', '2'].map((id) => runProcess(process.execPath, [appender, url, id, '50', at])),
    );
    for (const { output } of runs) {
      assert.match(output, /^failed 0 in \d+ ms$/m);
      t.diagnostic(output.trim());
    }
    const verification = new AuditVerification(seal);
    const seen = new Set<string>();
    for await (const row of auditRows(dataSource)) {
      verification.next(row);
      seen.add(`${row.event.account.id} ${row.event.accountName}`);
    }
    assert.equal(seen.size, 100);
    const verdict = verification.end();
    assert.deepEqual(verdict, { ...verdict, kind: 'intact', sealed: 100 });
    assert.equal(verdict.kind === 'intact' && verdict.head.sequence, 100);
  });

  test(`one append costs milliseconds, on ${name}`, async (t) => {
    const { dataSource } = await open(t);
    const log = new TypeOrmAuditLog(dataSource, seal);
    const times: number[] = [];
    for (let i = 0; i < 100; i += 1) {
      const begin = performance.now();
      await log.record(eventOf('1', 'client1'));
      times.push(performance.now() - begin);
    }
    const median = times.sort((a, b) => a - b)[50] ?? Number.NaN;
    t.diagnostic(`median ${median.toFixed(1)} ms`);
    assert.ok(median < 50, `median ${median} ms`);
  });
}
