import assert from 'node:assert/strict';
import { chmodSync, cpSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { type AuditHead, AuditSeal } from '../../src/core/audit/audit-seal.js';
import { archiveAudit } from '../../src/operator/audit-archiving.js';
import { type AuditParts, type AuditPlace, openAuditTrail } from '../../src/operator/audit-trail.js';
import { verdictText } from '../../src/operator/commands/audit-texts.js';
import { TypeOrmAuditLog } from '../../src/storage/audit-log.typeorm.js';
import { runProcess } from '../support/process.js';
import { inProject } from '../support/project.js';
import { tempFolder } from '../support/temp-folder.js';
import { AUDIT_KEY, eventOf } from './audit-events.js';
import { type Installation, installation } from './audit-installation.js';

const OUTSIDE = {
  PANEL_2FA_DATABASE: undefined,
  PANEL_2FA_REDIS: undefined,
  PANEL_2FA_PANEL_DATABASE: undefined,
};

const audit = (verb: string, { data }: Pick<Installation, 'data'>, ...args: string[]) =>
  runProcess(process.execPath, [inProject('dist/cli.js'), 'audit', verb, '--data', data, ...args], {
    env: OUTSIDE,
  });

interface Archived extends Installation {
  readonly file: string;
}

/** Rows 1 to 10 are in a file, 11 to 15 in the database; 15 says so. */
async function archived(): Promise<Archived> {
  const place = await installation();
  const file = join(place.data, 'archive');
  const outcome = await archiveAudit(partsOf(place), { before: Date.now() - 86_400_000, file });
  assert.equal(outcome.kind, 'archived');
  return { ...place, file };
}

function partsOf({ data }: Pick<Installation, 'data'>): AuditPlace {
  return { database: `sqlite:${join(data, 'panel-2fa.sqlite')}`, keyFile: join(data, 'key') };
}

/** What `verify` says of the log, with these archives, without the MAC of its head. */
async function verdict(place: Installation, parts: AuditParts = {}, noted?: AuditHead): Promise<string> {
  try {
    const trail = await openAuditTrail(partsOf(place), parts);
    try {
      return verdictText(await trail.verify(noted)).replace(/:[0-9a-f]{64}$/, '');
    } finally {
      await trail.close();
    }
  } catch (error) {
    return (error as Error).message.replace('The audit log is broken at', 'broken');
  }
}

test('panel-2fa audit archive: rows go into a file, and verify and list take it together with the rest, or alone', async () => {
  const place = await installation();
  const { dataSource, data, noted } = place;
  const file = join(data, 'archive');
  const said = async (verb: string, ...args: string[]) =>
    (await audit(verb, place, ...args)).output.trimEnd();
  assert.match(await said('archive', '--before', '1d', '--to', file), /^Rows 1 to 10 are in /);
  const alone = await said('verify');
  assert.match(
    alone,
    /^The audit log is intact: 5 rows after row 10, up to which it is archived\. Its head is 15:\w+$/,
  );
  assert.match(
    await said('verify', '--archive', file, '--head', `${noted.sequence}:${noted.mac}`),
    /^The audit log is intact: 11 rows \(and 3 older ones, sealed as a whole\)\. Its head is 15:\w+$/,
  );
  assert.match(
    await said('verify', '--archive', file, '--without-database'),
    /^The audit log is intact: 6 rows \(and 3 older ones, sealed as a whole\)\. Its head is 10:\w+$/,
  );
  const [listed, more] = [await said('list'), await said('list', '--archive', file)];
  assert.deepEqual([listed.split('\n').length, more.split('\n').length], [5, 14]);
  assert.match(listed, / audit\.archived from unknown for user:0 "": 10:[\w-]{43}$/);
  const other = join(data, 'other');
  assert.match(await said('archive', '--before', '1d', '--to', other), /^There are no rows before that time/);
  assert.deepEqual(
    readdirSync(data).filter((name) => /archive|other/.test(name)),
    ['archive'],
  );
  // The program that runs goes on behind it.
  await new TypeOrmAuditLog(dataSource, new AuditSeal(AUDIT_KEY)).record(eventOf('7', 'later'));
  assert.match(
    await verdict(place, { archives: [file] }),
    /^The audit log is intact: 12 rows .* Its head is 16$/,
  );
  await dataSource.destroy();
});

const COPIED = 'actor_realm, actor_id, account_realm, account_id, account_name, address, at, key_id, mac';
/** A row that calls everything up to a row archived, sealed by nobody. */
const sayArchived = (end: number, id: number, mac: string) =>
  `INSERT INTO twofa_audit (id, action, reason, ${COPIED}) SELECT ${id}, 'audit.archived', '${end}:${Buffer.from(mac, 'hex').toString('base64url')}', ${COPIED} FROM twofa_audit WHERE id = 15`;
const REMOVED = /^broken \d+: this row is missing/;
const CHANGED = /^broken \d+: this row was changed or inserted/;

/** What somebody does who can write to the database and to the file, and has no key. */
const attacks: readonly (readonly [
  name: string,
  attack: { readonly sql?: (mac12: string) => string; readonly file?: (lines: string[]) => string[] },
  alone: RegExp,
  withFile: RegExp,
])[] = [
  ['more rows removed', { sql: () => 'DELETE FROM twofa_audit WHERE id < 13' }, REMOVED, REMOVED],
  [
    'more rows removed and called archived at the end',
    { sql: (mac) => `${sayArchived(12, 16, mac)}; DELETE FROM twofa_audit WHERE id < 13` },
    CHANGED,
    REMOVED,
  ],
  [
    'more rows removed and called archived where nobody looks',
    { sql: (mac) => `DELETE FROM twofa_audit WHERE id < 13; ${sayArchived(12, 5, mac)}` },
    REMOVED,
    REMOVED,
  ],
  [
    'the row that says so changed',
    { sql: () => "UPDATE twofa_audit SET reason = 'x' WHERE id = 15" },
    REMOVED,
    CHANGED,
  ],
  [
    'the end cut off with the row that says so',
    { sql: () => 'DELETE FROM twofa_audit WHERE id = 15' },
    REMOVED,
    /intact: 10 rows/,
  ],
  [
    'a row kept changed',
    { sql: () => "UPDATE twofa_audit SET address = '::2' WHERE id = 11" },
    CHANGED,
    CHANGED,
  ],
  ['all rows removed', { sql: () => 'DELETE FROM twofa_audit' }, /^broken 1: the log ends/, /intact: 6 rows/],
  [
    'a line of the file changed',
    { file: (lines) => lines.map((line) => line.replace('name7', 'name8')) },
    /intact: 5 rows/,
    CHANGED,
  ],
  ['a line of the file removed', { file: (lines) => lines.toSpliced(7, 1) }, /intact: 5 rows/, REMOVED],
  [
    'the first line removed',
    { file: (lines) => lines.toSpliced(0, 1) },
    /intact: 5 rows/,
    /line 1 is not one of its lines/,
  ],
  [
    'the last line removed',
    { file: (lines) => lines.slice(0, -2) },
    /intact: 5 rows/,
    /^broken 10: the log ends/,
  ],
  [
    'half a line',
    { file: (lines) => [lines.join('\n').slice(0, -40)] },
    /intact: 5 rows/,
    /line 10 is not one of its lines/,
  ],
  [
    'the range made smaller',
    { file: (lines) => lines.map((line) => line.replace('"end":{"sequence":10', '"end":{"sequence":9')) },
    /intact: 5 rows/,
    /no archive of this audit log, or its first line was changed/,
  ],
  ['an empty file', { file: () => [] }, /intact: 5 rows/, /it is empty|line 1 is not one of its lines/],
];

for (const [name, { sql, file: change }, alone, withFile] of attacks) {
  test(`attack on the archived audit log: ${name}`, async () => {
    const place = await archived();
    const { dataSource, file } = place;
    const [row] = await dataSource.query('SELECT mac FROM twofa_audit WHERE id = 12');
    for (const statement of sql?.(row.mac).split('; ') ?? []) await dataSource.query(statement);
    await dataSource.destroy();
    if (change) {
      const lines = readFileSync(file, 'utf8').split('\n');
      chmodSync(file, 0o600);
      writeFileSync(file, change(lines).join('\n'));
    }
    assert.match(await verdict(place), alone);
    assert.match(await verdict(place, { archives: [file] }), withFile);
    if (/intact/.test(alone.source)) return;
    const more = { before: Date.now() + 1, file: `${file}.2` };
    assert.equal(
      (await archiveAudit(partsOf(place), more)).kind,
      'broken',
      'nothing leaves a log that is broken',
    );
  });
}

test('panel-2fa audit archive says in one line what is missing or wrong, and writes nothing', async () => {
  const place = await installation();
  const { data, dataSource } = place;
  const file = join(data, 'archive');
  writeFileSync(join(data, 'notes'), 'my notes\n');
  for (const [args, line] of [
    [['--to', file], /^Required option '--before TIME' not specified\n$/],
    [['--before', '1d'], /^Required option '--to FILE' not specified\n$/],
    [['--before', 'yesterday', '--to', file], /^--before must look like/],
    [['--before', '1d', '--to', join(data, 'none', 'archive')], /ENOENT/],
    [['--before', '1d', '--to', join(data, 'notes')], /notes is no whole audit archive: line 1/],
  ] as const) {
    const { code, output } = await audit('archive', place, ...args);
    assert.equal(code, 1, output);
    assert.match(output, line);
    assert.equal(output.trimEnd().split('\n').length, 1, output);
  }
  await dataSource.query("UPDATE twofa_audit SET address = '::2' WHERE id = 6");
  const broken = await audit('archive', place, '--before', '1d', '--to', file);
  assert.deepEqual([broken.code, /^The audit log is broken at 6: /.test(broken.output)], [1, true]);
  assert.deepEqual(await dataSource.query('SELECT COUNT(*) AS n FROM twofa_audit'), [{ n: 13 }]);
  assert.equal(readFileSync(join(data, 'notes'), 'utf8'), 'my notes\n');
  assert.ok(!readdirSync(data).includes('archive'));
  await dataSource.destroy();
});

/** A delete that finds nothing, the file, what says so, and two deletes. */
const WRITES = ['DELETE', 'open', 'writeFile', 'sync', 'link', 'sync', 'INSERT', 'DELETE', 'DELETE'];

async function killedAt(place: Installation, file: string, killAt: number | 'never') {
  const log = join(place.data, `writes-${killAt}`);
  const exit = await runProcess(
    process.execPath,
    [
      ...['--import', inProject('.build/test/operator/keys/kill-at.js'), inProject('dist/cli.js')],
      ...['audit', 'archive', '--data', place.data, '--before', '1d', '--to', file],
    ],
    { env: { ...OUTSIDE, WRITES: log, KILL_AT: String(killAt) } },
  );
  return { ...exit, writes: killAt === 0 ? [] : readFileSync(log, 'utf8').trimEnd().split('\n') };
}

/** More rows before today than are deleted at once. */
const many = await withMany();

async function withMany(): Promise<Installation> {
  const place = await installation();
  await place.dataSource.query('DELETE FROM twofa_audit WHERE id > 10');
  const log = new TypeOrmAuditLog(place.dataSource, new AuditSeal(AUDIT_KEY));
  for (const half of [550, 550]) {
    await Promise.all(Array.from({ length: half }, () => log.record(eventOf('7', 'many'))));
  }
  await log.record({ ...eventOf('8', 'new'), at: Date.now() });
  await place.dataSource.destroy();
  return place;
}

for (let killAt = 0; killAt <= WRITES.length; killAt += 1) {
  test(`an archive killed after write ${killAt} of ${WRITES.length} loses no row, and the same command ends it`, async () => {
    const place = { ...many, data: join(tempFolder(), 'data') };
    cpSync(many.data, place.data, { recursive: true });
    const file = join(place.data, 'archive');
    const killed = await killedAt(place, file, killAt);
    assert.equal(killed.signal, 'SIGKILL', killed.output);
    assert.deepEqual(killed.writes, WRITES.slice(0, killAt));
    const between = await audit('verify', place);
    assert.equal(between.code, 0, between.output);
    assert.match(
      (await audit('archive', place, '--before', '1d', '--to', file)).output,
      /^Rows 1 to 1110 are in /,
    );
    assert.match(
      await verdict(place, { archives: [file] }),
      /^The audit log is intact: 1108 rows \(and 3 older ones, sealed as a whole\)\. Its head is 1112$/,
    );
    assert.match(await verdict(place), /^The audit log is intact: 2 rows after row 1110/);
    assert.deepEqual(
      readdirSync(place.data).filter((name) => name.startsWith('archive')),
      ['archive'],
    );
  });
}
