import type { AuditEvent } from './audit.js';
import type { AuditHead } from './audit-seal.js';

/** What the rows of an archive follow, and its last row. The first archive follows {@link ORIGIN}. */
export interface ArchiveRange {
  readonly after: AuditHead;
  readonly end: AuditHead;
}

/** Where a log begins of which nothing was archived. */
export const ORIGIN: AuditHead = { sequence: 0, mac: '' };

/**
 * The `reason` of the row `audit.archived`: the last row that left the log, as `<sequence>:<base64url of its MAC>`,
 * at most 54 characters. The row is sealed as all are, so nobody without the key can say that rows were archived.
 */
export function archivedReason({ sequence, mac }: AuditHead): string {
  return `${sequence}:${Buffer.from(mac, 'hex').toString('base64url')}`;
}

/** What {@link archivedReason} was made of; undefined for every other event. */
export function archivedEnd({ action, reason = '' }: AuditEvent): AuditHead | undefined {
  const [, sequence, mac] = /^(\d{1,10}):([\w-]{43})$/.exec(reason) ?? [];
  if (action !== 'audit.archived' || !sequence || !mac) return undefined;
  return { sequence: Number(sequence), mac: Buffer.from(mac, 'base64url').toString('hex') };
}

export function sameHead(one: AuditHead, other: AuditHead): boolean {
  return one.sequence === other.sequence && one.mac === other.mac;
}
