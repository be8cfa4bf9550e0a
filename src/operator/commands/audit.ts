import { parseArgs } from 'node:util';
import { auditLine } from '../../core/audit/audit-line.js';
import type { AuditHead } from '../../core/audit/audit-seal.js';
import type { AuditBreak, AuditVerdict } from '../../core/audit/audit-verification.js';
import { openAuditTrail } from '../audit-trail.js';
import { placeOf } from './place.js';

export const AUDIT_HELP = `panel-2fa audit verify [--head SEQUENCE:MAC]: was anything changed in the audit log?
panel-2fa audit list [--account NAME] [--since TIME]: its events, one line each

  --config FILE    the configuration of the gateway
  --data FOLDER    instead of it, the data of the demo panel
  --head S:M       a head that was noted earlier (log lines audit.head): finds what was cut off after it, too
  --account NAME   events about this account only
  --since TIME     2026-07-01, 2026-07-01T12:00:00Z, or 90m, 36h, 7d ago

verify ends with code 1 when the log is broken or cannot be read.`;

const OPTIONS = {
  config: { type: 'string' },
  data: { type: 'string' },
  head: { type: 'string' },
  account: { type: 'string' },
  since: { type: 'string' },
} as const;

const UNITS: Readonly<Record<string, number>> = { m: 60_000, h: 3_600_000, d: 86_400_000 };

const BREAKS: Readonly<Record<AuditBreak, string>> = {
  changed: 'this row was changed or put in, or the row before it is not the one that was there',
  removed: 'this row is missing while later ones are there',
  unsealed: 'this row has no seal: it was put in, or its seal was taken off',
  'other-key': 'this row was sealed with another key than the one in the key file',
  'cut-off': 'the log ends before this row, which was there',
  'other-head': 'this row is not the one noted: up to here the log was written anew, with the key',
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
  if (!sequence || !mac) throw new Error('--head must be like the log writes it: SEQUENCE:MAC');
  return { sequence: Number(sequence), mac };
}

function timeOf(text: string): number {
  const [, count, unit = ''] = /^(\d{1,6})([mhd])$/.exec(text) ?? [];
  const time = count ? Date.now() - Number(count) * (UNITS[unit] ?? 0) : Date.parse(text);
  if (!(count || /^\d{4}-\d\d-\d\d/.test(text)) || Number.isNaN(time)) {
    throw new Error(`--since must be like 2026-07-01, 2026-07-01T12:00:00Z, 90m, 36h or 7d, not ${text}`);
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
