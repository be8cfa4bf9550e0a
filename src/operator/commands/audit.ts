import type { Command } from 'commander';
import { auditFields, auditLine } from '../../core/audit/audit-line.js';
import type { AuditHead } from '../../core/audit/audit-seal.js';
import { isoIn } from '../../core/base/zoned-time.js';
import { command, printJson } from '../../input/command-line.js';
import { encodedName } from '../../input/mail-name.js';
import { archiveAudit } from '../audit-archiving.js';
import { type AuditTrail, openAuditTrail } from '../audit-trail.js';
import { archivedText, verdictText } from './audit-texts.js';
import { type PlaceOptions, placeOf, withPlace } from './place.js';
import { TIME_FORMS, timeOf } from './time.js';

/** `audit list`, `audit verify` and `audit archive`. */
export function auditCommand(): Command {
  return command('audit', 'The audit log: what happened to whose factor.', 'panel-2fa audit list --since 7d')
    .addCommand(listCommand())
    .addCommand(verifyCommand())
    .addCommand(archiveCommand());
}

function withArchives(one: Command): Command {
  return withPlace(one)
    .option('--archive <FILE>', 'with the rows of an archive; once for each', collect, [])
    .option('--without-database', 'the archives alone');
}

function listCommand(): Command {
  const example = `panel-2fa audit list --account client1 --since 36h
panel-2fa audit list --json --archive 2025.jsonl`;
  return withArchives(command('list', 'Its events, one line each.', example))
    .option('--account <NAME>', 'only events about this account')
    .option('--since <TIME>', `only later ones: ${TIME_FORMS}`)
    .option('--json', 'one JSON document for each line')
    .action(async ({ since, ...options }: ListOptions) => {
      const from = since === undefined ? 0 : timeOf('--since', since);
      await withTrail(options, (trail) => list(trail, from, options));
    });
}

interface ListOptions extends ArchiveOptions {
  readonly account?: string;
  readonly since?: string;
  readonly json?: boolean;
}

function verifyCommand(): Command {
  const summary =
    'Has the audit log been tampered with? Exits with code 1 if it is broken or cannot be read.';
  return withArchives(command('verify', summary, 'panel-2fa audit verify --head 42:0f…'))
    .option(
      '--head <SEQUENCE:MAC>',
      'a head saved earlier (log lines audit.head): also finds rows that were cut off since',
    )
    .action(async ({ head, ...options }: ArchiveOptions & { readonly head?: string }) => {
      const noted = head === undefined ? undefined : headOf(head);
      await withTrail(options, (trail) => verify(trail, noted));
    });
}

function archiveCommand(): Command {
  const summary = `Older rows go into a file, and the log goes on after them. It deletes nothing before the file is whole, on the disk
and verified; a run that was stopped is continued by the same command. Keep the files: a log is verified from its first
row with them, and from the last archived row without.`;
  return withPlace(
    command('archive', summary, 'panel-2fa audit archive --before 365d --to /var/backups/2fa-2025.jsonl'),
  )
    .requiredOption('--before <TIME>', `rows before it; the newest row always stays: ${TIME_FORMS}`)
    .requiredOption('--to <FILE>', 'a new file, which the user of the key file can make')
    .action(
      async ({ before, to, ...place }: PlaceOptions & { readonly before: string; readonly to: string }) => {
        const moved = { before: timeOf('--before', before), file: to };
        console.log(archivedText(await archiveAudit(placeOf(place), moved), to));
      },
    );
}

interface ArchiveOptions extends PlaceOptions {
  readonly archive: readonly string[];
  readonly withoutDatabase?: boolean;
}

async function withTrail(
  { archive: archives, withoutDatabase = false, ...place }: ArchiveOptions,
  act: (trail: AuditTrail) => Promise<void>,
): Promise<void> {
  if (withoutDatabase && archives.length === 0) throw new Error('Say which archives: --archive FILE');
  const trail = await openAuditTrail(placeOf(place), { archives, withoutDatabase });
  try {
    await act(trail);
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

async function list(
  trail: AuditTrail,
  since: number,
  { account, json }: { readonly account?: string; readonly json?: boolean },
): Promise<void> {
  for await (const { sequence, event } of trail.rows()) {
    if (event.at < since || !isMeant(event.accountName, account)) continue;
    const at = isoIn(event.at);
    if (json) printJson({ sequence, at: new Date(event.at).toISOString(), ...auditFields(event) });
    else console.log(`${String(sequence).padStart(8)} ${at} ${auditLine(event)}`);
  }
}

/** By the name as it is kept, or as people write it. */
function isMeant(name: string, account: string | undefined): boolean {
  return account === undefined || account === name || (name.includes('@') && encodedName(account) === name);
}

function collect(value: string, values: readonly string[]): string[] {
  return [...values, value];
}

function headOf(text: string): AuditHead {
  const [, sequence, mac] = /^(\d{1,10}):([0-9a-f]{64})$/.exec(text) ?? [];
  if (!sequence || !mac) throw new Error('--head must have the form SEQUENCE:MAC, as in the log');
  return { sequence: Number(sequence), mac };
}
