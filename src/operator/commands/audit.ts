import { parseArgs } from 'node:util';
import { auditLine } from '../../core/audit/audit-line.js';
import type { AuditHead } from '../../core/audit/audit-seal.js';
import { archiveAudit } from '../audit-archiving.js';
import { type AuditTrail, openAuditTrail } from '../audit-trail.js';
import { archivedText, verdictText } from './audit-texts.js';
import { placeOf } from './place.js';
import { timeOf } from './time.js';

export const AUDIT_HELP = `panel-2fa audit verify [--head SEQUENCE:MAC]: has the audit log been tampered with?
panel-2fa audit list [--account NAME] [--since TIME]: its events, one line each
panel-2fa audit archive --before TIME --to FILE: older rows go into a file, and the log goes on after them

  --config FILE       the configuration of the gateway
  --data FOLDER       instead: the data of the demo panel
  --head S:M          a head saved earlier (log lines audit.head): also finds rows that were cut off since
  --archive FILE      verify, list: with the rows of an archive; once for each
  --without-database  verify, list: the archives alone
  --account NAME      only events about this account
  --since TIME        2026-07-01, 2026-07-01T12:00:00Z, or 90m, 36h, 7d ago
  --before TIME       archive: rows before it; the newest row always stays
  --to FILE           archive: a new file, which the user of the key file can make

verify exits with code 1 if the log is broken or cannot be read. archive deletes nothing before the file is whole, on
the disk and verified; a run that was stopped is continued by the same command. Keep the files: a log is verified from
its first row with them, and from the last archived row without.`;

const OPTIONS = {
  config: { type: 'string' },
  data: { type: 'string' },
  head: { type: 'string' },
  archive: { type: 'string', multiple: true },
  'without-database': { type: 'boolean', default: false },
  account: { type: 'string' },
  since: { type: 'string' },
  before: { type: 'string' },
  to: { type: 'string' },
} as const;

/** Runs `verify`, `list` or `archive`; throws an Error with a clear message when there is nothing to read or the log is broken. */
export async function auditCommand([verb, ...args]: readonly string[]): Promise<void> {
  if (verb !== 'verify' && verb !== 'list' && verb !== 'archive') throw new Error(AUDIT_HELP);
  const { values } = parseArgs({ args, options: OPTIONS });
  const { archive: archives = [], 'without-database': withoutDatabase } = values;
  if (verb === 'archive') {
    if (!values.before || !values.to) throw new Error('Say what, and where to: --before TIME --to FILE');
    const before = timeOf('--before', values.before);
    console.log(archivedText(await archiveAudit(placeOf(values), { before, file: values.to }), values.to));
    return;
  }
  if (withoutDatabase && archives.length === 0) throw new Error('Say which archives: --archive FILE');
  const head = values.head === undefined ? undefined : headOf(values.head);
  const since = values.since === undefined ? 0 : timeOf('--since', values.since);
  const trail = await openAuditTrail(placeOf(values), { archives, withoutDatabase });
  try {
    if (verb === 'verify') await verify(trail, head);
    else await list(trail, since, values.account);
  } finally {
    await trail.close();
  }
}

async function verify(trail: AuditTrail, head: AuditHead | undefined): Promise<void> {
  const verdict = await trail.verify(head);
  console.log(verdictText(verdict));
  if (verdict.kind === 'broken') return;
  const waiting = await trail.countUpTo(verdict.after.sequence);
  if (waiting > 0) {
    console.log(
      `${waiting} archived rows are not deleted yet: run "audit archive" again with the same file.`,
    );
  }
}

async function list(trail: AuditTrail, since: number, account: string | undefined): Promise<void> {
  for await (const { sequence, event } of trail.rows()) {
    if (event.at < since || (account ?? event.accountName) !== event.accountName) continue;
    console.log(`${String(sequence).padStart(8)} ${new Date(event.at).toISOString()} ${auditLine(event)}`);
  }
}

function headOf(text: string): AuditHead {
  const [, sequence, mac] = /^(\d{1,10}):([0-9a-f]{64})$/.exec(text) ?? [];
  if (!sequence || !mac) throw new Error('--head must have the form SEQUENCE:MAC, as in the log');
  return { sequence: Number(sequence), mac };
}
