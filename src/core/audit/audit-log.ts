import type { AuditEvent } from './audit.js';
import type { AuditHead } from './audit-seal.js';

/** The audit trail of all nodes: rows are only ever appended, each sealed together with the one before. */
export interface AuditLog {
  /** Appends one event with the next sequence; resolved when it is stored. */
  record(event: AuditEvent): Promise<void>;
  /** Where the log ends now. */
  head(): Promise<AuditHead>;
}
