import { type AuditHead, type AuditRow, AuditSeal } from '../core/audit/audit-seal.js';
import type { AuditVerdict } from '../core/audit/audit-verification.js';
import { ownManifest } from '../plugin/manifest.js';
import { countUpTo } from '../storage/audit-archived.js';
import { openForReading } from '../storage/data-source.js';
import { readKeyFile } from '../storage/key-file.js';
import { rowsOfChain, sealedArchive, verifyChain } from './audit-chain.js';

/** Where an audit log and the key that seals it are. */
export interface AuditPlace {
  readonly database: string;
  readonly keyFile: string;
}

/** What of the log is looked at. */
export interface AuditParts {
  /** Files of archives, in any order. */
  readonly archives?: readonly string[];
  /** The archives alone. */
  readonly withoutDatabase?: boolean;
}

/** The audit log, read only; of a running installation too. */
export interface AuditTrail {
  /** Goes through all rows; `noted` is a head that the log had earlier. Rejects when the key file or an archive cannot be read. */
  verify(noted?: AuditHead): Promise<AuditVerdict>;
  /** All rows in their order, verified or not. */
  rows(): AsyncIterable<AuditRow>;
  /** Rows of the database up to a sequence: archived, and not deleted yet. */
  countUpTo(sequence: number): Promise<number>;
  close(): Promise<void>;
}

/** Opens what is there; rejects when the database is not. Creates nothing. */
export async function openAuditTrail(
  { database: url, keyFile }: AuditPlace,
  { archives: files = [], withoutDatabase = false }: AuditParts = {},
): Promise<AuditTrail> {
  const database = withoutDatabase ? undefined : await openForReading(url, ownManifest());
  return {
    verify: async (noted) => {
      const seal = new AuditSeal(readKeyFile(keyFile).audit);
      const archives = await Promise.all(files.map((file) => sealedArchive(file, seal)));
      archives.sort((one, other) => one.after.sequence - other.after.sequence);
      return verifyChain({ archives, ...(database && { database }) }, seal, noted);
    },
    rows: () => rowsOfChain({ ...(database && { database }) }, files),
    countUpTo: async (sequence) => (database ? countUpTo(database, sequence) : 0),
    close: async () => database?.destroy(),
  };
}
