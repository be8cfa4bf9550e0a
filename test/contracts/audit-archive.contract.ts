import assert from 'node:assert/strict';
import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import type { DataSource } from 'typeorm';
import type { AuditHead, AuditSeal } from '../../src/core/audit/audit-seal.js';
import { archiveFrom } from '../../src/operator/audit-archiving.js';
import { sealedArchive, verifyChain } from '../../src/operator/audit-chain.js';
import { TypeOrmAuditLog } from '../../src/storage/audit-log.typeorm.js';
import { tempFolder } from '../support/temp-folder.js';
import { parallel } from './parallel.js';

/** What an archive of the audit log must do on each database, while other nodes write. */
export function auditArchiveContract(name: string, nodes: readonly DataSource[], seal: AuditSeal): void {
  const [database, other] = nodes as [DataSource, DataSource];
  const folder = tempFolder();
  const log = new TypeOrmAuditLog(other, seal);
  const files: string[] = [];

  const rows = (count: number, at: number) =>
    parallel(count, () =>
      log.record({
        action: 'login.code',
        actor: { realm: 'user', id: '1' },
        account: { realm: 'user', id: '1' },
        accountName: "two\u2028lines, 'quotes' 🐙",
        address: '::1',
        at,
      }),
    );
  const archive = (before: number, file: string) => archiveFrom(database, seal, { before, file });

  async function verdictOf(archives: readonly string[], withDatabase = true, noted?: AuditHead) {
    const sealed = await Promise.all(archives.map((file) => sealedArchive(file, seal)));
    const verdict = await verifyChain({ archives: sealed, ...(withDatabase && { database }) }, seal, noted);
    assert.equal(verdict.kind, 'intact', JSON.stringify(verdict));
    return verdict.kind === 'intact' ? verdict : assert.fail();
  }

  describe(`audit archive contract: ${name}`, () => {
    for (const [round, time] of [2e12, 3e12].entries()) {
      it(`moves rows before a time into a file while others are written, round ${round + 1}`, async () => {
        for (const half of [600, 600]) await rows(half, time);
        const before = await log.head();
        await rows(3, time + 10);
        const file = join(folder, `archive-${round}`);
        const [outcome] = await Promise.all([archive(time + 5, file), rows(50, time + 10)]);
        assert.equal(outcome.kind, 'archived');
        assert.deepEqual(
          outcome.kind === 'archived' && outcome.end,
          before,
          'all before that time, and no more',
        );
        files.push(file);
        assert.equal(statSync(file).mode & 0o777, 0o400);
        const [left] = await database.query('SELECT MIN(id) AS first FROM twofa_audit');
        assert.equal(Number(left?.first), before.sequence + 1);
        assert.deepEqual((await verdictOf([])).after, before);
        assert.equal((await verdictOf(files)).after.sequence, 0);
        assert.deepEqual((await verdictOf(files, false)).head, before);
        await verdictOf(files, true, before);
        await assert.rejects(
          verdictOf([], true, { ...before, sequence: before.sequence - 1 }),
          /was archived: name its file too/,
        );
      });
    }

    it('is the same when it is run again, and keeps the newest row', async () => {
      const [, file = ''] = files;
      const text = readFileSync(file, 'utf8');
      const head = await log.head();
      assert.equal((await archive(3e12 + 5, file)).kind, 'archived');
      assert.deepEqual([readFileSync(file, 'utf8'), await log.head()], [text, head]);
      const none = join(folder, 'none');
      assert.equal((await archive(3e12 + 5, none)).kind, 'nothing-to-archive');
      assert.throws(() => statSync(none), /ENOENT/);
      await assert.rejects(archive(9e12, files[0] ?? ''), /is there already, with other rows/);
      const all = await archive(9e12, join(folder, 'all'));
      assert.equal(all.kind === 'archived' && all.end.sequence, head.sequence - 1, 'the newest row stays');
      await rows(1, 4e12);
      await verdictOf([...files, join(folder, 'all')]);
    });
  });
}
