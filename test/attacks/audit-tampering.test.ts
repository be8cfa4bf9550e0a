import assert from 'node:assert/strict';
import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { type AuditHead, AuditSeal } from '../../src/core/audit/audit-seal.js';
import { openAuditTrail } from '../../src/operator/audit-trail.js';
import { TypeOrmAuditLog } from '../../src/storage/audit-log.typeorm.js';
import { keyFileText } from '../../src/storage/key-file-format.js';
import { runProcess } from '../support/process.js';
import { inProject } from '../support/project.js';
import { tempFolder } from '../support/temp-folder.js';
import { AUDIT_KEY, eventOf } from './audit-events.js';
import { type Installation, installation, writeKey } from './audit-installation.js';

const seal = new AuditSeal(AUDIT_KEY);
async function verdictOf({ data }: Installation, noted?: AuditHead): Promise<string> {
  const trail = await openAuditTrail({
    database: `sqlite:${join(data, 'panel-2fa.sqlite')}`,
    keyFile: join(data, 'key'),
  });
  const verdict = await trail.verify(noted);
  await trail.close();
  return verdict.kind === 'intact'
    ? `intact ${verdict.sealed} ${verdict.unsealed} ${verdict.head.sequence}`
    : `${verdict.because} ${verdict.sequence}`;
}

const copied =
  'action, actor_realm, actor_id, account_realm, account_id, account_name, address, at, reason, key_id, mac';
const shiftUp =
  'UPDATE twofa_audit SET id = id + 1000 WHERE id >= 8; UPDATE twofa_audit SET id = id - 999 WHERE id >= 1000';
const shiftDown = 'UPDATE twofa_audit SET id = id - 1 WHERE id > 8';

/** What somebody does who can write to the database and has no key; and what is found without, and with the head noted. */
const attacks: readonly (readonly [name: string, sql: string, found: string, withHead: string])[] = [
  ['nothing', 'SELECT 1', 'intact 10 3 14', 'intact 10 3 14'],
  ...['action', 'actor_id', 'account_id', 'account_name', 'address', 'reason', 'mac', 'actor_realm'].map(
    (column) =>
      [
        `${column} changed`,
        `UPDATE twofa_audit SET ${column} = 'x' WHERE id = 8`,
        'changed 8',
        'changed 8',
      ] as const,
  ),
  ['the time changed', 'UPDATE twofa_audit SET at = at + 1 WHERE id = 8', 'changed 8', 'changed 8'],
  ['a reason taken away', 'UPDATE twofa_audit SET reason = NULL WHERE id = 8', 'changed 8', 'changed 8'],
  ['a row removed', 'DELETE FROM twofa_audit WHERE id = 8', 'removed 8', 'removed 8'],
  [
    'a row removed and the rest moved up',
    `DELETE FROM twofa_audit WHERE id = 8; ${shiftDown}`,
    'changed 8',
    'changed 8',
  ],
  ['the first sealed row removed', 'DELETE FROM twofa_audit WHERE id = 5', 'removed 5', 'removed 5'],
  [
    'two rows swapped',
    'UPDATE twofa_audit SET id = 99 WHERE id = 8; UPDATE twofa_audit SET id = 8 WHERE id = 9; UPDATE twofa_audit SET id = 9 WHERE id = 99',
    'changed 8',
    'changed 8',
  ],
  [
    'a copy put in',
    `${shiftUp}; INSERT INTO twofa_audit (id, ${copied}) SELECT 8, ${copied} FROM twofa_audit WHERE id = 7`,
    'changed 8',
    'changed 8',
  ],
  [
    'a copy put in at the end',
    `INSERT INTO twofa_audit (id, ${copied}) SELECT 15, ${copied} FROM twofa_audit WHERE id = 14`,
    'changed 15',
    'changed 15',
  ],
  [
    'a row without a seal put in at the end',
    'INSERT INTO twofa_audit SELECT 15, action, actor_realm, actor_id, account_realm, account_id, account_name, address, at, reason, NULL, NULL FROM twofa_audit WHERE id = 14',
    'unsealed 15',
    'unsealed 15',
  ],
  [
    'a row put in before the first',
    `INSERT INTO twofa_audit (id, ${copied}) SELECT 0, ${copied} FROM twofa_audit WHERE id = 7`,
    'changed 0',
    'changed 0',
  ],
  ['an old row changed', "UPDATE twofa_audit SET account_name = 'x' WHERE id = 2", 'changed 5', 'changed 5'],
  ['an old row removed', 'DELETE FROM twofa_audit WHERE id = 2', 'changed 5', 'changed 5'],
  ['the last old row removed', 'DELETE FROM twofa_audit WHERE id = 4', 'removed 3', 'removed 3'],
  ['all old rows removed', 'DELETE FROM twofa_audit WHERE id < 5', 'removed 1', 'removed 1'],
  [
    'an old row put in',
    `INSERT INTO twofa_audit SELECT 3, action, actor_realm, actor_id, account_realm, account_id, account_name, address, at, reason, NULL, NULL FROM twofa_audit WHERE id = 2`,
    'changed 5',
    'changed 5',
  ],
  [
    'the seal taken off the first rows',
    'UPDATE twofa_audit SET mac = NULL WHERE id < 9',
    'changed 9',
    'changed 9',
  ],
  ['the seal taken off all rows', 'UPDATE twofa_audit SET mac = NULL', 'cut-off 15', 'other-head 10'],
  ['all rows removed', 'DELETE FROM twofa_audit', 'cut-off 1', 'cut-off 1'],
  ['the end cut off', 'DELETE FROM twofa_audit WHERE id > 8', 'intact 4 3 8', 'cut-off 9'],
  [
    'the end cut off after the head noted',
    'DELETE FROM twofa_audit WHERE id > 10',
    'intact 6 3 10',
    'intact 6 3 10',
  ],
  [
    'another key named',
    "UPDATE twofa_audit SET key_id = '00000000' WHERE id = 8",
    'other-key 8',
    'other-key 8',
  ],
];

for (const [name, sql, found, withHead] of attacks) {
  test(`attack on the audit log: ${name}`, async () => {
    const place = await installation();
    for (const statement of sql.split('; ')) await place.dataSource.query(statement);
    await place.dataSource.destroy();
    assert.equal(await verdictOf(place), found);
    assert.equal(await verdictOf(place, place.noted), withHead);
  });
}

test('attack on the audit log: written anew with the key, only the head noted tells', async () => {
  const place = await installation();
  const { dataSource } = place;
  await dataSource.query('DELETE FROM twofa_audit WHERE id > 7');
  const log = new TypeOrmAuditLog(dataSource, seal);
  for (let i = 8; i <= 14; i += 1) await log.record(eventOf('7', 'forged'));
  await dataSource.destroy();
  assert.equal(await verdictOf(place), 'intact 10 3 14');
  assert.equal(await verdictOf(place, place.noted), 'other-head 10');
});

test('attack on the audit log: cut off while the program runs, which goes on', async () => {
  const place = await installation();
  const log = new TypeOrmAuditLog(place.dataSource, seal);
  await place.dataSource.query('DELETE FROM twofa_audit WHERE id > 8');
  for (let i = 0; i < 10; i += 1) await log.record(eventOf('7', 'later'));
  await place.dataSource.destroy();
  assert.equal(await verdictOf(place, place.noted), 'other-head 10');
});

test('another key file verifies nothing, and the ring may rotate', async () => {
  const place = await installation();
  await place.dataSource.destroy();
  writeKey(place.data, Buffer.alloc(32, 1));
  assert.equal(await verdictOf(place), 'other-key 5');
  rmSync(join(place.data, 'key'));
  await assert.rejects(verdictOf(place), /The key file .* is missing/);
  const rotated = new Map([['00000002', Buffer.alloc(32, 8)]]);
  writeFileSync(
    join(place.data, 'key'),
    keyFileText({ active: '00000002', keys: rotated, times: new Map(), audit: AUDIT_KEY }),
    { mode: 0o400 },
  );
  assert.equal(await verdictOf(place), 'intact 10 3 14');
});

const audit = (...args: string[]) =>
  runProcess(process.execPath, [inProject('dist/cli.js'), 'audit', ...args], {
    env: { PANEL_2FA_DATABASE: undefined, PANEL_2FA_REDIS: undefined, PANEL_2FA_PANEL_DATABASE: undefined },
  });

test('panel-2fa audit verify says where it breaks, with code 1', async () => {
  const place = await installation();
  const { data, dataSource, noted } = place;
  const right = await audit('verify', '--data', data);
  assert.equal(right.code, 0, right.output);
  assert.match(
    right.output,
    /^The audit log is intact: 10 rows \(and 3 older ones, sealed as a whole\)\. Its head is 14:[0-9a-f]{64}\n$/,
  );
  const config = join(data, 'gateway.json');
  writeFileSync(
    config,
    JSON.stringify({
      listen: '127.0.0.1:1',
      publicUrl: 'https://panel.example.com',
      upstream: 'http://127.0.0.1:2',
      panel: { type: 'ispconfig', database: 'mysql://u:p@127.0.0.1:3/d' },
      database: `sqlite:${join(data, 'panel-2fa.sqlite')}`,
      keyFile: join(data, 'key'),
    }),
  );
  await dataSource.query('DELETE FROM twofa_audit WHERE id > 8');
  assert.equal((await audit('verify', '--config', config)).code, 0);
  const cut = await audit('verify', '--config', config, '--head', `${noted.sequence}:${noted.mac}`);
  assert.deepEqual(
    [cut.code, cut.output],
    [1, 'The audit log is broken at 9: the log ends before this row, which used to be there.\n'],
  );
  await dataSource.query("UPDATE twofa_audit SET address = '::2' WHERE id = 6");
  const changed = await audit('verify', '--config', config);
  assert.equal(changed.code, 1);
  assert.match(changed.output, /^The audit log is broken at 6: .*\n$/);
  await dataSource.destroy();
});

test('panel-2fa audit list prints one line for each event', async () => {
  const { data, dataSource } = await installation();
  await dataSource.destroy();
  const all = await audit('list', '--data', data);
  assert.equal(all.code, 0, all.output);
  assert.equal(all.output.trimEnd().split('\n').length, 13);
  assert.match(
    all.output,
    /^ {7}6 2025-11-24T16:00:00\.000Z login\.refused from 203\.0\.113\.5 for user:7 "name6": wrong-code$/m,
  );
  const lines = async (...args: string[]) =>
    (await audit('list', '--data', data, ...args)).output.split('\n').filter((line) => line !== '').length;
  assert.equal(await lines('--account', 'name8'), 1);
  assert.equal(await lines('--account', 'name'), 0);
  assert.equal(await lines('--account', 'client "1"\n'), 4);
  assert.equal(await lines('--since', '1h'), 4);
  assert.equal(await lines('--since', '2025-11-24'), 9);
});

test('panel-2fa audit refuses what it does not understand, and creates nothing', async () => {
  const data = tempFolder();
  for (const [args, line] of [
    [['verify'], /^\/etc\/panel-2fa\/gateway\.json cannot be read: ENOENT\n$/],
    [['verify', '--data', data], /cannot be read: ENOENT/],
    [['verify', '--data', data, '--head', '7'], /^--head must have/],
    [['list', '--data', data, '--since', 'yesterday'], /^--since must look/],
    [['erase'], /^Unknown command 'erase'\n$/],
  ] as const) {
    const { code, output } = await audit(...args);
    assert.equal(code, 1, output);
    assert.match(output, line);
  }
});
