import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { openDataSource } from '../../../src/storage/data-source.js';
import { AuditRecord } from '../../../src/storage/entities/audit-record.js';
import { manifestSchema } from '../../storage/sqlite.js';
import { accounts } from '../../support/ispconfig/accounts.js';
import { runProcess } from '../../support/process.js';
import { inProject } from '../../support/project.js';
import { tempFolder } from '../../support/temp-folder.js';
import { behindGateway } from './setup.js';

const { gateway, person, database, nextSecond } = await behindGateway();
const { client1, client2, second } = accounts;

/** A command beside the running gateway. */
async function run(...args: string[]) {
  const { code, output } = await runProcess(process.execPath, [
    inProject('dist/cli.js'),
    ...args,
    ...['--config', gateway.configFile],
  ]);
  return { code, output };
}

async function events(action: string) {
  const factors = await openDataSource(
    `sqlite:${join(gateway.folder, 'panel-2fa.sqlite')}`,
    await manifestSchema(),
  );
  try {
    const rows = await factors.getRepository(AuditRecord).findBy({ action });
    return rows.map(({ actorId, accountRealm, accountId, accountName }) => {
      return { actorId, accountRealm, accountId, accountName };
    });
  } finally {
    await factors.destroy();
  }
}

test('A45 the operator switches a factor off: who waits at the code page has to log in again, without a code', async () => {
  const factor = await person(client1).enrol();
  const cleared = await person(client1).enter(factor);
  await nextSecond();
  const waiting = await person(client1).wait();
  await nextSecond();
  assert.deepEqual(await run('disable', '--user', client1.name), {
    code: 0,
    output: `Two-factor authentication is off for ${client1.name}.\n`,
  });
  assert.equal(await cleared.nameInShell(), client1.name, 'who has shown his code goes on');
  assert.match(
    (await waiting.get('/index.php')).location ?? '',
    /^\/login\//,
    'and who has not is sent away',
  );
  const again = person(client1);
  await again.logIn();
  assert.equal(await again.nameInShell(), client1.name);
  assert.deepEqual(await events('factor.disabled-by-operator'), [
    { actorId: '0', accountRealm: 'user', accountId: String(client1.id), accountName: client1.name },
  ]);
});

test('realm and name must be exact, and nothing is done otherwise', async () => {
  await person(second).enrol();
  const refused = [
    [['--user', second.name], /has no account with exactly the name second@example\.test/],
    [['--mailuser', 'second'], /has no account with exactly the name/],
    [['--mailuser', '%'], /has no account with exactly the name/],
    [['--user', client2.name], /client2 has no two-factor/],
    [[], /^Say who: ACCOUNT, --user NAME or --mailuser EMAIL\n$/],
    [['a', '--user', 'b'], /^Say who/],
    [
      ['--user', 'a', '--mailuser', 'b'],
      /^Option '--mailuser EMAIL' cannot be used with option '--user NAME'\n$/,
    ],
  ] as const;
  for (const [args, line] of refused) {
    const { code, output } = await run('disable', ...args);
    assert.equal(code, 1, output);
    assert.match(output, line);
  }
  await person(second).wait();
  assert.equal((await run('disable', '--mailuser', second.name)).code, 0);
});

test('list, show and status tell who has a factor, and --json the same to programs', async () => {
  await person(client1).enrol();
  const { code, output } = await run('list');
  assert.equal(code, 0, output);
  const lines = output.trimEnd().split('\n');
  assert.match(lines[0] ?? '', /^account +realm +role +2FA /);
  assert.equal(lines.length, 8, 'five users and two mailboxes');
  assert.match(lines.find((line) => line.startsWith('client1 ')) ?? '', / user +client +on +20\d\d-.* 10$/);
  assert.match(lines.find((line) => line.startsWith('client3 ')) ?? '', / user +client +off +- +- +-$/);
  const listed = async (...args: string[]) =>
    (await run('list', '--json', ...args)).output
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => JSON.parse(line).name);
  assert.deepEqual(await listed('--with', '--realm', 'user'), [client1.name]);
  assert.deepEqual(await listed('--domain', 'example.test'), [accounts.mbox.name, second.name]);
  assert.deepEqual(await listed('--domain', 'test'), []);
  assert.ok(!(await listed('--without')).includes(client1.name));
  assert.match(
    (await run('show', client1.name)).output,
    /^account +client1 \(user:3, client\)\n2FA +on since/,
  );
  const shown = JSON.parse((await run('show', '--json', '--user', client1.name)).output);
  assert.deepEqual([shown.active, shown.period, shown.failures, shown.recoveryCodesLeft], [true, 30, 0, 10]);
  const status = await run('status');
  assert.match(status.output, /our database +answers after \d+ ms\n/);
  assert.match(status.output, /\nclient +1 +2 +0\n/);
  assert.equal(status.code, 0, status.output);
  assert.equal((await run('disable', client1.name)).code, 0);
});

test('a name of both realms is asked about, never guessed', async () => {
  await database.query("UPDATE mail_user SET email = 'client2' WHERE mailuser_id = ?", [accounts.mbox.id]);
  try {
    const both = await run('show', 'client2');
    assert.deepEqual(both, {
      code: 1,
      output: 'Both a user and a mail user are called client2: say --user client2 or --mailuser client2.\n',
    });
    assert.match((await run('show', '--mailuser', 'client2')).output, /\(mailuser:1, mailuser\)/);
    assert.match((await run('show', '--user', 'client2')).output, /\(user:4, client\)/);
  } finally {
    await database.query('UPDATE mail_user SET email = ? WHERE mailuser_id = ?', [
      accounts.mbox.name,
      accounts.mbox.id,
    ]);
  }
});

test('unlock ends a lock, and new recovery codes void the old ones', async () => {
  const factor = await person(client2).enrol();
  const locked = await lockedOut();
  assert.match((await run('show', client2.name)).output, /wrong codes +10 in a row; until 20/);
  assert.deepEqual(await run('unlock', client2.name), {
    code: 0,
    output: `Codes of ${client2.name} are looked at again.\n`,
  });
  assert.match(locked, /wait|locked|too many/i);
  const renewed = await run('recovery-codes', 'new', client2.name);
  const codes = renewed.output.trim().split('\n');
  assert.equal(codes.length, 10);
  for (const code of codes) assert.match(code, /^[0-9A-Z]{4}(-[0-9A-Z]{4}){3}$/);
  factor.learn(codes);
  await person(client2).enter(factor);
  assert.equal((await events('factor.unlocked-by-operator')).length, 1);
  assert.equal((await events('recovery-codes.renewed-by-operator')).length, 1);
  assert.equal((await run('disable', client2.name)).code, 0);
  assert.match((await run('unlock', client2.name)).output, /^client2 has no two-factor authentication\.\n$/);

  /** Ten wrong codes, five of each login; what the page says to the eleventh. */
  async function lockedOut(): Promise<string> {
    let text = '';
    for (let login = 0; login < 3; login++) {
      const one = person(client2);
      await one.wait();
      for (let tries = 0; tries < 5; tries++)
        text = (await one.giveCode(String(1_000_000 + 10 * login + tries))).body;
    }
    return text;
  }
});

test('A20 prune lists accounts deleted in the panel, and forgets them with --yes', async () => {
  await person(second).enrol();
  await person(client2).enrol();
  assert.match((await run('prune')).output, /^All accounts with a factor exist in the panel\.\n$/);
  await database.query('DELETE FROM mail_user WHERE mailuser_id = ?', [second.id]);
  assert.match(
    (await run('prune')).output,
    /^mailuser:2\nThese no longer exist in the panel\. Run this with --yes/,
  );
  assert.deepEqual(await events('factor.pruned'), []);
  assert.deepEqual(await run('prune', '--yes'), { code: 0, output: 'mailuser:2\n1 forgotten.\n' });
  assert.deepEqual(await events('factor.pruned'), [
    { actorId: '0', accountRealm: 'mailuser', accountId: '2', accountName: '' },
  ]);
  await person(client2).wait();
});

test('keys rotate --config goes on while the gateway runs', async () => {
  const factor = await person(accounts.client3).enrol();
  const { code, output } = await run('keys', 'rotate', '--now');
  assert.equal(code, 0, output);
  assert.match(output, /The rotation is complete: \w{8} is the only key\.\n$/);
  await person(accounts.client3).enter(factor);
  assert.match((await run('keys', 'list')).output, /\d{4}-\d\d-\d\d \(0 days\) +\d+ +active\n$/);
  assert.deepEqual(
    readdirSync(gateway.folder).filter((name) => name.startsWith('key')),
    ['key', 'key.lock'],
  );
});

test('a configuration with wrong paths creates nothing', async () => {
  const folder = tempFolder();
  const config = JSON.parse(readFileSync(gateway.configFile, 'utf8'));
  const file = join(folder, 'gateway.json');
  const elsewhere = { database: `sqlite:${join(folder, 'x.sqlite')}`, keyFile: join(folder, 'key') };
  writeFileSync(file, JSON.stringify({ ...config, ...elsewhere }));
  for (const command of [['keys', 'list'], ['keys', 'rotate'], ['disable', '--user', 'admin'], ['prune']]) {
    const all = [inProject('dist/cli.js'), ...command, '--config', file];
    const { code, output } = await runProcess(process.execPath, all);
    assert.equal(code, 1);
    assert.match(output, /^The key file \S+ is missing\n$/);
  }
  assert.equal(existsSync(join(folder, 'x.sqlite')), false);
});
