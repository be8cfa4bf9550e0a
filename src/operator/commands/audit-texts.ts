import type { AuditBreak, AuditVerdict } from '../../core/audit/audit-verification.js';
import type { ArchiveOutcome } from '../audit-archiving.js';

const BREAKS: Readonly<Record<AuditBreak, string>> = {
  changed: 'this row was changed or inserted, or the row before it is not the original one',
  removed: 'this row is missing, but later ones exist',
  unsealed: 'this row has no seal: it was inserted, or its seal was removed',
  'other-key': 'this row was sealed with another key than the one in the key file',
  'cut-off': 'the log ends before this row, which used to be there',
  'other-head': 'this row is not the saved one: the log was rewritten up to here, with the key',
};

/** What `audit verify` says; throws an Error with it when the log is broken. */
export function verdictText(verdict: AuditVerdict): string {
  if (verdict.kind === 'broken') throw broken(verdict);
  const { head, after, sealed, unsealed } = verdict;
  const older = unsealed > 0 ? ` (and ${unsealed} older ones, sealed as a whole)` : '';
  const from = after.sequence > 0 ? ` after row ${after.sequence}, up to which it is archived` : '';
  return `The audit log is intact: ${sealed} rows${older}${from}. Its head is ${head.sequence}:${head.mac}`;
}

/** What `audit archive` says; throws as {@link verdictText}. */
export function archivedText(outcome: ArchiveOutcome, file: string): string {
  switch (outcome.kind) {
    case 'broken':
      throw broken(outcome);
    case 'nothing-to-archive':
      return 'There are no rows before that time, and nothing was written.';
    case 'archived': {
      const { after, end } = outcome;
      return `Rows ${after.sequence + 1} to ${end.sequence} are in ${file}, and the log goes on after ${end.sequence}:${end.mac}`;
    }
  }
}

function broken({ sequence, because }: Extract<AuditVerdict, { kind: 'broken' }>): Error {
  return new Error(`The audit log is broken at ${sequence}: ${BREAKS[because]}.`);
}
