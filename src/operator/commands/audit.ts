import { parseArgs } from 'node:util';
import { auditLine } from '../../core/audit/audit-line.js';
import type { AuditHead } from '../../core/audit/audit-seal.js';
import type { AuditBreak, AuditVerdict } from '../../core/audit/audit-verification.js';
import { openAuditTrail } from '../audit-trail.js';
import { placeOf } from './place.js';

export const AUDIT_HELP = `panel-2fa audit verify [--head SEQUENCE:MAC]: has the audit log been tampered with?
panel-2fa audit list [--account NAME] [--since TIME]: its events, one line each

  --config FILE    the configuration of the gateway
  --data FOLDER    instead: the data of the demo panel
  --head S:M       a head saved earlier (log lines audit.head): also finds rows that were cut off since
  --account NAME   only events about this account
  --since TIME     2026-07-01, 2026-07-01T12:00:00Z, or 90m, 36h, 7d ago

verify exits with code 1 if the log is broken or cannot be read.`;

const OPTIONS = {
  config: { type: 'string' },
  data: { type: 'string' },
  head: { type: 'string' },
  account: { type: 'string' },
  since: { type: 'string' },
} as const;

const UNITS: Readonly<Record<string, number>> = { m: 60_000, h: 3_600_000, d: 86_400_000 };

const BREAKS: Readonly<Record<AuditBreak, string>> = {
  changed: 'this row was changed or inserted, or the row before it is not the original one',
  removed: 'this row is missing, but later ones exist',
  unsealed: 'this row has no seal: it was inserted, or its seal was removed',
  'other-key': 'this row was sealed with another key than the one in the key file',
  'cut-off': 'the log ends before this row, which used to be there',
  'other-head': 'this row is not the saved one: the log was rewritten up to here, with the key',
};

/** Runs `verify` or `list`; throws an Error with a clear message when there is nothing to read or the log is broken. */
export async function auditCommand([verb, ...args]: readonly string[]): Promise<void> {
  if (verb !== 'verify' && verb !== 'list') throw new Error(AUDIT_HELP);
  const { values } = parseArgs({ args, options: OPTIONS });
  const head = values.head === undefined ? undefined : headOf(values.head);
  const since = values.since === undefined ? 0 : timeOf(values.since);
  const trail = await openAuditTrail(placeOf(values));
  try {
    if (verb === 'verify') {
      console.log(verdictText(await trail.verify(head)));
      return;
    }
    for await (const { sequence, event } of trail.rows()) {
      if (event.at < since || (values.account ?? event.accountName) !== event.accountName) continue;
      console.log(`${String(sequence).padStart(8)} ${new Date(event.at).toISOString()} ${auditLine(event)}`);
    }
  } finally {
    await trail.close();
  }
}

function headOf(text: string): AuditHead {
  const [, sequence, mac] = /^(\d{1,10}):([0-9a-f]{64})$/.exec(text) ?? [];
  if (!sequence || !mac) throw new Error('--head must have the form SEQUENCE:MAC, as in the log');
  return { sequence: Number(sequence), mac };
}

function timeOf(text: string): number {
  const [, count, unit = ''] = /^(\d{1,6})([mhd])$/.exec(text) ?? [];
  const time = count ? Date.now() - Number(count) * (UNITS[unit] ?? 0) : Date.parse(text);
  if (!(count || /^\d{4}-\d\d-\d\d/.test(text)) || Number.isNaN(time)) {
    throw new Error(`--since must look like 2026-07-01, 2026-07-01T12:00:00Z, 90m, 36h or 7d, not ${text}`);
  }
  return time;
}

function verdictText(verdict: AuditVerdict): string {
  if (verdict.kind === 'broken') {
    throw new Error(`The audit log is broken at ${verdict.sequence}: ${BREAKS[verdict.because]}.`);
  }
  const { head, sealed, unsealed } = verdict;
  const older = unsealed > 0 ? ` (and ${unsealed} older ones, sealed as a whole)` : '';
  return `The audit log is intact: ${sealed} rows${older}. Its head is ${head.sequence}:${head.mac}`;
}
