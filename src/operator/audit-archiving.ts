import type { DataSource } from 'typeorm';
import { type ArchiveRange, archivedReason, sameHead } from '../core/audit/audit-archive.js';
import { AuditSeal } from '../core/audit/audit-seal.js';
import type { AuditVerdict } from '../core/audit/audit-verification.js';
import { eventByNobody } from '../core/audit/change-by-nobody.js';
import { ownManifest } from '../plugin/manifest.js';
import { opening } from '../plugin/opening.js';
import { ArchiveFileError, archiveHeader, removeHalf, writeArchive } from '../storage/audit-archive-file.js';
import { deleteUpTo, lastBefore, macOf, proveDeletable } from '../storage/audit-archived.js';
import { TypeOrmAuditLog } from '../storage/audit-log.typeorm.js';
import { auditRows } from '../storage/audit-rows.js';
import { openDataSource } from '../storage/data-source.js';
import { readKeyFile } from '../storage/key-file.js';
import { type SealedArchive, sealedArchive, verifyChain } from './audit-chain.js';
import type { AuditPlace } from './audit-trail.js';

export interface Archiving {
  /** Milliseconds since 1970: rows before the first row of that time or later go. */
  readonly before: number;
  readonly file: string;
}

export type ArchiveOutcome =
  /** Also when a run that was stopped had done most of it. */
  | ({ readonly kind: 'archived' } & ArchiveRange)
  | { readonly kind: 'nothing-to-archive' }
  /** Nothing was archived: what is wrong would leave the database with the rows. */
  | Extract<AuditVerdict, { kind: 'broken' }>;

/**
 * Moves old rows of the audit log into a file, beside the running program. The file is whole, durable and read again
 * before the log says that the rows are archived, and only then they are deleted: killed at any point, the same call
 * goes on where it was. Rejects when the file is there and is no archive of these rows, and when this user of the
 * database may not delete.
 */
export function archiveAudit(place: AuditPlace, archiving: Archiving): Promise<ArchiveOutcome> {
  return opening(async (opened, close) => {
    const seal = new AuditSeal(readKeyFile(place.keyFile).audit);
    const database = await openDataSource(place.database, ownManifest());
    opened(() => database.destroy());
    const outcome = await archiveFrom(database, seal, archiving);
    await close();
    return outcome;
  });
}

/** As {@link archiveAudit}, from an open database. */
export async function archiveFrom(
  database: DataSource,
  seal: AuditSeal,
  archiving: Archiving,
): Promise<ArchiveOutcome> {
  const { file } = archiving;
  await proveDeletable(database);
  const verdict = await verifyChain({ archives: [], database }, seal);
  if (verdict.kind === 'broken') return verdict;
  const { after } = verdict;
  // The rest of a run that was stopped; what says that they are archived was verified.
  await deleteUpTo(database, after.sequence);
  await removeHalf(file);
  if (!(await archiveHeader(file)) && !(await write(database, seal, after, archiving))) {
    return { kind: 'nothing-to-archive' };
  }
  const archived = await sealedArchive(file, seal);
  if (!sameHead(archived.end, after)) {
    await proveWhole(database, seal, archived, after);
    const log = new TypeOrmAuditLog(database, seal);
    await log.record(eventByNobody('audit.archived', Date.now(), archivedReason(archived.end)));
    await deleteUpTo(database, archived.end.sequence);
  }
  return { kind: 'archived', after: archived.after, end: archived.end };
}

/** False when there are no rows before that time. */
async function write(
  database: DataSource,
  seal: AuditSeal,
  after: ArchiveRange['after'],
  { before, file }: Archiving,
): Promise<boolean> {
  const end = await lastBefore(database, after, before);
  if (!end) return false;
  const header = { after, end, keyId: seal.keyId, mac: seal.archiveMac({ after, end }) };
  await writeArchive(file, header, upTo(end.sequence));
  return true;

  async function* upTo(sequence: number) {
    for await (const row of auditRows(database, {}, after.sequence || undefined)) {
      if (row.sequence > sequence) return;
      yield row;
    }
  }
}

/** The file as it is on the disk holds what is about to be deleted, from the first row to its end. */
async function proveWhole(
  database: DataSource,
  seal: AuditSeal,
  archived: SealedArchive,
  after: ArchiveRange['after'],
): Promise<void> {
  const { file, end } = archived;
  const isHere = sameHead(archived.after, after) && (await macOf(database, end.sequence)) === end.mac;
  if (!isHere) {
    throw new ArchiveFileError(`${file} is there already, with other rows: choose another file`);
  }
  const verdict = await verifyChain({ archives: [archived] }, seal);
  if (verdict.kind === 'broken') {
    throw new ArchiveFileError(`${file} is broken at row ${verdict.sequence}: delete it, and run this again`);
  }
}
