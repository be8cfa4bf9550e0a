import assert from 'node:assert/strict';
import {
  chmodSync,
  chownSync,
  constants,
  linkSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { test } from 'node:test';
import { loadConfig } from '../../src/gateway/config.js';
import { leaveRoot } from '../../src/gateway/own-paths.js';
import { PANELS } from '../../src/gateway/panels.js';
import { lineOf } from '../../src/operator/commands/doctor/finding.js';
import { owners } from '../../src/operator/commands/doctor/owners.js';
import { becomeOwner } from '../../src/storage/become-owner.js';
import { newKeyRingText } from '../../src/storage/key-file-format.js';
import { parallel } from '../contracts/parallel.js';
import { runProcess } from '../support/process.js';
import { inProject } from '../support/project.js';
import { tempFolder } from '../support/temp-folder.js';

/** The user of the service: one that every machine has. */
const NOBODY = 65_534;
const ROOTS_OWN = 'of root\n';

const isRoot = process.getuid?.() === 0;
const skip = isRoot ? false : 'only root can become somebody else: run the tests as root';
/** The program has to be where the user of the service can read it. */
const skipWork = skip || (isOpenToAll(inProject('node_modules')) ? false : 'others cannot read this folder');

function isOpenToAll(path: string): boolean {
  for (let at = path; at !== '/'; at = dirname(at))
    if (!(statSync(at).mode & constants.S_IXOTH)) return false;
  return true;
}

/** As deploy/README.md has it: `etc` is root's, `var` is the service's. */
interface Installation {
  readonly folder: string;
  readonly etc: string;
  readonly var: string;
  readonly config: string;
  readonly keyFile: string;
  /** A file of root's that the service would like to have. */
  readonly target: string;
}

function installed(more: object = {}): Installation {
  const folder = tempFolder();
  chmodSync(folder, 0o755);
  const [etc, service] = [join(folder, 'etc'), join(folder, 'var')];
  for (const path of [etc, service]) mkdirSync(path);
  const config = join(etc, 'gateway.json');
  const keyFile = join(service, 'key');
  const target = join(etc, 'target');
  writeFileSync(target, ROOTS_OWN, { mode: 0o600 });
  writeFileSync(keyFile, newKeyRingText(), { mode: 0o400 });
  writeFileSync(
    config,
    JSON.stringify({
      listen: '127.0.0.1:1',
      publicUrl: 'https://panel.example.com',
      upstream: 'http://127.0.0.1:2',
      panel: { type: 'ispconfig', database: 'mysql://u:p@127.0.0.1:3/d' },
      database: `sqlite:${join(service, 'panel-2fa.sqlite')}`,
      keyFile,
      ...more,
    }),
  );
  chmodSync(config, 0o640);
  chownSync(config, 0, NOBODY);
  for (const path of [service, keyFile]) chownSync(path, NOBODY, NOBODY);
  chmodSync(service, 0o700);
  return { folder, etc, var: service, config, keyFile, target };
}

const OUTSIDE = {
  PANEL_2FA_DATABASE: undefined,
  PANEL_2FA_REDIS: undefined,
  PANEL_2FA_PANEL_DATABASE: undefined,
};

const panel2fa = ({ config }: Pick<Installation, 'config'>, command: string, ...more: string[]) =>
  runProcess(
    process.execPath,
    [inProject('dist/cli.js'), ...command.split(' '), '--config', config, ...more],
    { env: OUTSIDE },
  );

function assertUntouched({ target }: Installation): void {
  const { uid, gid, mode } = lstatSync(target);
  assert.deepEqual([uid, gid, mode & 0o7777, readFileSync(target, 'utf8')], [0, 0, 0o600, ROOTS_OWN]);
}

const COMMANDS = ['keys list', 'audit verify', 'prune', 'doctor', 'gateway'];

/** Who owns a path of the installation is changed by this; root's commands refuse, with these words. */
const distrusted: readonly (readonly [name: string, spoil: (place: Installation) => void, words: RegExp])[] =
  [
    [
      'is owned by the service',
      ({ config }) => chownSync(config, NOBODY, NOBODY),
      /gateway\.json belongs to user 65534/,
    ],
    [
      'can be written by its group',
      ({ config }) => chmodSync(config, 0o660),
      /others can write .*gateway\.json \(mode 0660\)/,
    ],
    ['can be written by all', ({ config }) => chmodSync(config, 0o646), /others can write .*gateway\.json/],
    [
      'is in a folder of the service',
      ({ etc }) => chownSync(etc, NOBODY, NOBODY),
      /etc belongs to user 65534/,
    ],
    [
      'is in a folder that its group can write',
      ({ etc }) => chmodSync(etc, 0o775),
      /others can write .*etc \(mode 0775\)/,
    ],
    ['is below a folder that all can write', ({ folder }) => chmodSync(folder, 0o777), /others can write /],
    [
      'is reached by a link in a folder of the service',
      ({ etc, var: service, config, folder }) => {
        renameSync(etc, join(folder, 'real'));
        symlinkSync(service, etc);
        symlinkSync(join(folder, 'real', 'gateway.json'), join(service, 'gateway.json'));
        assert.ok(readFileSync(config));
      },
      /var belongs to user 65534/,
    ],
  ];

for (const [name, spoil, words] of distrusted) {
  test(`A50 root uses no configuration that ${name}`, { skip }, () => {
    const place = installed();
    spoil(place);
    assert.throws(() => loadConfig(place.config, PANELS, {}), words);
  });
}

test('A50 no command of root uses a configuration of the service', { skip }, async () => {
  const place = installed();
  chownSync(place.config, NOBODY, NOBODY);
  await parallel(COMMANDS.length, async (index) => {
    const { code, output } = await panel2fa(place, COMMANDS[index] ?? '');
    assert.equal(code, 1, `${COMMANDS[index]}: ${output}`);
    assert.match(output, /gateway\.json belongs to user 65534/);
  });
  assert.deepEqual(readdirSync(place.var), ['key']);
});

/** What the service may plant where its files are, to get `target`; and what root's commands say, if they say no. */
const planted: readonly (readonly [name: string, command: string, words: RegExp | undefined])[] = [
  ['key.lock', 'keys rotate --prepare', /key\.lock is a link; remove it/],
  ['key.new', 'keys rotate --prepare', undefined],
  ['panel-2fa.sqlite', 'keys rotate --prepare', /EACCES|SQLITE_CANTOPEN|permission denied/],
  ['panel-2fa.sqlite', 'audit verify', /EACCES|SQLITE_CANTOPEN|permission denied/],
  ['panel-2fa.sqlite-wal', 'keys rotate --prepare', undefined],
  ['archive', 'audit archive --before 1d --to ARCHIVE', /EACCES|permission denied/],
  ['archive.part', 'audit archive --before 1d --to ARCHIVE', undefined],
];

for (const [name, command, words] of planted) {
  test(`A50 root's "${command}" leaves alone what a link at ${name} leads to`, {
    skip: skipWork,
  }, async () => {
    const place = installed();
    if (command.startsWith('audit')) assert.equal((await panel2fa(place, 'keys rotate --prepare')).code, 0);
    const link = join(place.var, name);
    rmSync(link, { force: true });
    symlinkSync(place.target, link);
    const { code, output } = await panel2fa(place, command.replace('ARCHIVE', join(place.var, 'archive')));
    assert.equal(code, words ? 1 : 0, output);
    if (words) assert.match(output, words);
    assertUntouched(place);
  });
}

/** A key file that says to become somebody whom the service chose. */
const chosen: readonly (readonly [name: string, plant: (place: Installation) => void, words: RegExp])[] = [
  [
    'is a link',
    ({ keyFile, target }) => {
      rmSync(keyFile);
      symlinkSync(target, keyFile);
    },
    /key is a link: root follows none/,
  ],
  [
    'is a name of a file of root',
    ({ keyFile, target }) => {
      rmSync(keyFile);
      linkSync(target, keyFile);
    },
    /var belongs to user 65534\. It must be changed by nobody but root/,
  ],
  [
    'belongs to somebody else than its folder',
    ({ keyFile }) => chownSync(keyFile, 1, 1),
    /var belongs to user 65534/,
  ],
  [
    'is no file',
    ({ keyFile }) => {
      rmSync(keyFile);
      mkdirSync(keyFile);
      chownSync(keyFile, NOBODY, NOBODY);
    },
    /key is not a regular file/,
  ],
  ['has the group root', ({ keyFile }) => chownSync(keyFile, NOBODY, 0), /has the group root/],
  [
    'is in a folder that others can write',
    ({ var: service }) => chmodSync(service, 0o777),
    /others can write .*var/,
  ],
];

for (const [name, plant, words] of chosen) {
  test(`A50 root does not go by a key file that ${name}`, { skip }, () => {
    const place = installed();
    plant(place);
    assert.throws(() => becomeOwner(place.keyFile, []), words);
    assertUntouched(place);
  });
}

test('A50 a root that stays root opens nothing that somebody else can exchange', { skip }, () => {
  for (const key of ['dataFolder', 'templates'] as const) {
    const service = tempFolder();
    chownSync(service, NOBODY, NOBODY);
    const place = installed({ [key]: service });
    for (const path of [place.var, place.keyFile]) chownSync(path, 0, 0);
    const config = loadConfig(place.config, PANELS, {});
    assert.throws(() => leaveRoot(config), /^RootError: Root does not use .*belongs to user 65534/);
  }
});

test("A50 root's commands leave nothing behind that is not the service's, and keep its modes", {
  skip: skipWork,
}, async () => {
  const place = installed();
  const archive = join(place.var, 'archive');
  for (const command of [
    'keys rotate --prepare',
    'keys list',
    'audit verify',
    'audit list',
    `audit archive --before 9999-01-01 --to ${archive}`,
    `audit verify --archive ${archive}`,
  ]) {
    const { code, output } = await panel2fa(place, command);
    assert.equal(code, 0, `${command}: ${output}`);
  }
  const names = readdirSync(place.var);
  assert.ok(
    ['key', 'key.lock', 'panel-2fa.sqlite', 'archive'].every((name) => names.includes(name)),
    names.join(),
  );
  for (const name of names) {
    const { uid, gid, mode } = lstatSync(join(place.var, name));
    assert.deepEqual([name, uid, gid, mode & 0o077], [name, NOBODY, NOBODY, 0]);
  }
  assert.equal(lstatSync(join(place.var, 'key.lock')).mode & 0o777, 0o600);
});

const DROP = `
import { becomeOwner } from '${inProject('dist/storage/become-owner.js')}';
import { readdirSync, readFileSync } from 'node:fs';
becomeOwner(process.argv[2], []);
const tries = [() => process.setuid(0), () => process.seteuid(0), () => process.setgid(0), () => process.setgroups([0]), () => readFileSync(process.argv[3])];
const failed = tries.map((act) => { try { act(); return 'done'; } catch (error) { return error.code; } });
const idsOf = (thread) => readFileSync('/proc/self/task/' + thread + '/status', 'utf8').match(/^(Uid|Gid|Groups|CapEff|CapPrm):.*$/gm).join(' ').replace(/\\s+/g, ' ');
console.log(JSON.stringify({ failed, threads: readdirSync('/proc/self/task').map(idsOf) }));
`;

test('A50 who has become the owner of the key file is nobody else any more, in any thread', {
  skip: skipWork,
}, async () => {
  const place = installed();
  const script = join(place.folder, 'drop.mjs');
  writeFileSync(script, DROP, { mode: 0o644 });
  const { output } = await runProcess(process.execPath, [script, place.keyFile, place.target]);
  const { failed, threads } = JSON.parse(output);
  assert.deepEqual(failed, ['EPERM', 'EPERM', 'EPERM', 'EPERM', 'EACCES']);
  assert.ok(threads.length > 1);
  for (const ids of threads)
    assert.match(ids, /^Uid: (65534 ?){4}Gid: (65534 ?){4}Groups: 65534 CapPrm: 0+ CapEff: 0+$/);
});

test('A50 doctor says what belongs to whom it should not, and how to mend it', { skip }, () => {
  const place = installed();
  const database = join(place.var, 'panel-2fa.sqlite');
  for (const file of [database, `${place.keyFile}.lock`]) {
    writeFileSync(file, '', { mode: 0o600 });
    chownSync(file, NOBODY, NOBODY);
  }
  const lines = () => owners(loadConfig(place.config, PANELS, {}), place.config).map(lineOf);
  assert.match(lines().join('\n'), /^ok .*Every file belongs to whom it should[^\n]*$/);
  chmodSync(database, 0o644);
  chownSync(`${place.keyFile}.lock`, 0, 0);
  chmodSync(place.var, 0o755);
  const [folder = '', lock = '', file = '', ...more] = lines();
  assert.match(
    folder,
    /^warning .*var is open to others \(mode 0755\)\. — chown nobody:nogroup .*chmod 0700 /,
  );
  assert.match(
    lock,
    /^problem .*key\.lock belongs to root, not to nobody\. — chown nobody:nogroup .*chmod 0600 /,
  );
  assert.match(file, /^problem .*panel-2fa\.sqlite is open to others \(mode 0644\)\. — chown /);
  assert.deepEqual(more, []);
});
