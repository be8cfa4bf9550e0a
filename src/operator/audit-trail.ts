import { type AuditHead, type AuditRow, AuditSeal } from '../core/audit/audit-seal.js';
import { type AuditVerdict, AuditVerification } from '../core/audit/audit-verification.js';
import { ownManifest } from '../plugin/manifest.js';
import { auditRows } from '../storage/audit-rows.js';
import { openForReading } from '../storage/data-source.js';
import { loadKeyFile } from '../storage/key-file.js';

/** Where an audit log and the key that seals it are. */
export interface AuditPlace {
  readonly database: string;
  readonly keyFile: string;
}

/** The audit log, read only; of a running installation too. */
export interface AuditTrail {
  /** Goes through all rows; `noted` is a head that the log had earlier. Rejects when the key file cannot be read. */
  verify(noted?: AuditHead): Promise<AuditVerdict>;
  /** All rows in their order, verified or not. */
  rows(): AsyncIterable<AuditRow>;
  close(): Promise<void>;
}

/** Opens what is there; rejects when the database is not. Creates nothing. */
export async function openAuditTrail({ database, keyFile }: AuditPlace): Promise<AuditTrail> {
  const manifest = ownManifest();
  const dataSource = await openForReading(database, manifest);
  return {
    verify: async (noted) => {
      const { audit } = await loadKeyFile(keyFile, async () => false);
      const verification = new AuditVerification(new AuditSeal(audit), noted);
      for await (const row of auditRows(dataSource)) if (!verification.next(row)) break;
      return verification.end();
    },
    rows: () => auditRows(dataSource),
    close: () => dataSource.destroy(),
  };
}
