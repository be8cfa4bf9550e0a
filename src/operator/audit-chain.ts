import type { DataSource } from 'typeorm';
import { type ArchiveRange, ORIGIN, sameHead } from '../core/audit/audit-archive.js';
import type { AuditHead, AuditRow, AuditSeal } from '../core/audit/audit-seal.js';
import { type AuditVerdict, AuditVerification } from '../core/audit/audit-verification.js';
import { ArchiveFileError, archiveHeader, archiveRows } from '../storage/audit-archive-file.js';
import { archivedUpTo } from '../storage/audit-archived.js';
import { auditRows } from '../storage/audit-rows.js';

/** An archive by its file, and what its sealed first line says. */
export interface SealedArchive extends ArchiveRange {
  readonly file: string;
}

/** What is to be verified as one chain: archives in their order, then what is in the database. */
export interface AuditChain {
  readonly archives: readonly SealedArchive[];
  readonly database?: DataSource;
}

/** Rejects with an `ArchiveFileError` when the file is no archive, or its first line was sealed with another key. */
export async function sealedArchive(file: string, seal: AuditSeal): Promise<SealedArchive> {
  const header = await archiveHeader(file);
  if (!header) throw new ArchiveFileError(`${file} is not there`);
  if (header.keyId !== seal.keyId || header.mac !== seal.archiveMac(header)) {
    throw new ArchiveFileError(`${file} is no archive of this audit log, or its first line was changed`);
  }
  return { file, after: header.after, end: header.end };
}

/** Goes through all rows of a chain; `noted` is a head that the log had earlier. */
export async function verifyChain(
  { archives, database }: AuditChain,
  seal: AuditSeal,
  noted?: AuditHead,
): Promise<AuditVerdict> {
  const [first] = archives;
  const after = first?.after ?? (await startOf(database));
  const start = { after, proven: first !== undefined };
  if (noted && noted.sequence < start.after.sequence) {
    throw new Error(`Row ${noted.sequence} was archived: name its file too, with --archive`);
  }
  const verification = new AuditVerification(seal, noted, start);
  for (const { file, end } of archives) {
    for await (const row of archiveRows(file)) if (!verification.next(row)) return verification.end();
    if (!sameHead(verification.head, end)) {
      return { kind: 'broken', sequence: verification.head.sequence + 1, because: 'cut-off' };
    }
  }
  if (database) {
    const rows = rowsAfter(database, verification.head);
    for await (const row of rows) if (!verification.next(row)) break;
  }
  return verification.end();
}

/** All rows of a chain in their order, verified or not. */
export async function* rowsOfChain(
  { database }: Pick<AuditChain, 'database'>,
  archives: readonly string[],
): AsyncGenerator<AuditRow, void, undefined> {
  let last = ORIGIN;
  for (const file of archives) {
    for await (const row of archiveRows(file)) {
      last = { sequence: row.sequence, mac: '' };
      yield row;
    }
  }
  if (database) yield* rowsAfter(database, archives.length > 0 ? last : await startOf(database));
}

async function startOf(database: DataSource | undefined): Promise<AuditHead> {
  return database ? archivedUpTo(database) : ORIGIN;
}

/** What is archived and not deleted yet is not part of the log any more. */
function rowsAfter(database: DataSource, { sequence }: AuditHead): AsyncIterable<AuditRow> {
  return auditRows(database, {}, sequence || undefined);
}
