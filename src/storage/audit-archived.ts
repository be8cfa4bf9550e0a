import { setTimeout as pause } from 'node:timers/promises';
import { type DataSource, LessThanOrEqual, MoreThan, MoreThanOrEqual } from 'typeorm';
import { archivedEnd, ORIGIN } from '../core/audit/audit-archive.js';
import type { AuditHead } from '../core/audit/audit-seal.js';
import { auditRows } from './audit-rows.js';
import { AuditRecord } from './entities/audit-record.js';

/** So few that a program that writes at the same time waits for some milliseconds only. */
const ROWS_AT_ONCE = 1_000;
const PAUSE_MILLISECONDS = 10;

/** Where the log begins, as its rows say: after the last row that was archived. To be believed once those are verified. */
export async function archivedUpTo(dataSource: DataSource): Promise<AuditHead> {
  let found = ORIGIN;
  for await (const { sequence, event } of auditRows(dataSource, { action: 'audit.archived' })) {
    const end = archivedEnd(event);
    // A row among those it calls archived would never be verified.
    if (end && end.sequence < sequence && end.sequence > found.sequence) found = end;
  }
  return found;
}

/**
 * The last row after `after` that is before a time with all rows before it. Undefined when there is none; the newest row
 * of the log is never one, and no row of a version before the seal.
 */
export async function lastBefore(
  dataSource: DataSource,
  after: AuditHead,
  time: number,
): Promise<AuditHead | undefined> {
  const records = dataSource.getRepository(AuditRecord);
  const [kept] = await records.find({
    where: { id: MoreThan(after.sequence), at: MoreThanOrEqual(time) },
    order: { id: 'ASC' },
    take: 1,
  });
  const [newest] = await records.find({ order: { id: 'DESC' }, take: 1 });
  const sequence = (kept ?? newest)?.id ?? 0;
  const end = await macOf(dataSource, sequence - 1);
  return end !== undefined && sequence - 1 > after.sequence
    ? { sequence: sequence - 1, mac: end }
    : undefined;
}

/** The MAC of a row; undefined when it has none or is not there. */
export async function macOf(dataSource: DataSource, sequence: number): Promise<string | undefined> {
  return (await dataSource.getRepository(AuditRecord).findOneBy({ id: sequence }))?.mac ?? undefined;
}

/** Rejects when this user of the database may not delete rows; deletes none. */
export async function proveDeletable(dataSource: DataSource): Promise<void> {
  await dataSource.createQueryBuilder().delete().from(AuditRecord).where('1 = 0').execute();
}

/** Deletes the rows up to a sequence, some at a time. Stopped half way, it goes on with the next call. */
export async function deleteUpTo(dataSource: DataSource, sequence: number): Promise<void> {
  const records = dataSource.getRepository(AuditRecord);
  for (;;) {
    const [first] = await records.find({ order: { id: 'ASC' }, take: 1 });
    if (!first || first.id > sequence) return;
    await records.delete({ id: LessThanOrEqual(Math.min(first.id + ROWS_AT_ONCE, sequence)) });
    await pause(PAUSE_MILLISECONDS);
  }
}

/** How many rows up to a sequence are there. */
export function countUpTo(dataSource: DataSource, sequence: number): Promise<number> {
  return dataSource.getRepository(AuditRecord).countBy({ id: LessThanOrEqual(sequence) });
}
