import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { test } from 'node:test';
import { arrowsUpward, rooms, violationsOf, violationsOfAll } from './support/layers.js';
import { inProject } from './support/project.js';

test('no room of src sees what is not further down', () => {
  const names = readdirSync(inProject('src'), { recursive: true, encoding: 'utf8' }).filter((name) =>
    name.endsWith('.ts'),
  );
  const files = new Map(names.map((name) => [name, readFileSync(inProject('src', name), 'utf8')]));
  assert.deepEqual(violationsOfAll(files), []);
});

test('the rooms stand in an order in which every arrow leads down', () => {
  assert.deepEqual(arrowsUpward(rooms), []);
  assert.deepEqual(
    arrowsUpward([
      { at: 'core/codes', sees: ['core/login'] },
      { at: 'core/login', sees: ['core/codes', 'core/gone'] },
    ]),
    [
      'core/codes sees core/login, which is not further down',
      'core/login sees core/gone, which is not further down',
    ],
  );
});

const outward: readonly (readonly [file: string, text: string, target: string])[] = [
  ['core/codes/totp.ts', "import Koa from 'koa';", 'koa'],
  ['core/codes/totp.ts', "import { Redis } from 'ioredis';", 'ioredis'],
  ['core/codes/totp.ts', "import type { DataSource } from 'typeorm';", 'typeorm'],
  ['core/codes/totp.ts', "import { readFile } from 'node:fs/promises';", 'node:fs/promises'],
  ['core/codes/totp.ts', "export * from '../../storage/entities.js';", 'storage/entities.ts'],
  [
    'core/codes/totp.ts',
    "const a = 1;\nimport {\n  one,\n  type Two,\n} from '../../http/gate.js';",
    'http/gate.ts',
  ],
  ['core/codes/totp.ts', "await import('../../plugin/plugin.js');", 'plugin/plugin.ts'],
  ['core/codes/deep/er.ts', "import '../../../config.js';", 'config.ts'],
  ['core/codes/proof.ts', "import type { Login } from '../login/login.js';", 'core/login/login.ts'],
  ['core/login/login.ts', "import { decide } from '../gate/decision.js';", 'core/gate/decision.ts'],
  ['core/login/login.ts', "import speakeasy from 'speakeasy';", 'speakeasy'],
  ['core/account/account.ts', "import type { Factor } from '../codes/factor.js';", 'core/codes/factor.ts'],
  ['storage/memory/a.ts', "import { gate } from '../../http/gate.js';", 'http/gate.ts'],
  [
    'hosts/koa-session.ts',
    "import type { TwoFactor } from '../plugin/two-factor.js';",
    'plugin/two-factor.ts',
  ],
  ['hosts/slot.ts', "import { pages } from './ispconfig/pages/pages.js';", 'hosts/ispconfig/pages/pages.ts'],
  [
    'hosts/ispconfig/people/people.ts',
    "import { a } from '../sessions/sessions.js';",
    'hosts/ispconfig/sessions/sessions.ts',
  ],
  ['hosts/ispconfig/pages/pages.ts', "import { a } from '../ispconfig.js';", 'hosts/ispconfig/ispconfig.ts'],
  ['http/gate.ts', "import { isStatic } from '../hosts/panel-host.js';", 'hosts/panel-host.ts'],
  [
    'http/gate.ts',
    "import type { A } from '../hosts/ispconfig/ispconfig.js';",
    'hosts/ispconfig/ispconfig.ts',
  ],
  ['http/gate.ts', "import type { Manifest } from '../plugin/manifest.js';", 'plugin/manifest.ts'],
  ['http/gate.ts', "import { DataSource } from 'typeorm';", 'typeorm'],
  ['plugin/plugin.ts', "import { startDemo } from '../demo/start.js';", 'demo/start.ts'],
  ['demo/start.ts', "import { memory } from '../storage/memory.js';", 'storage/memory.ts'],
  ['gateway/app.ts', "import { keep } from '../operator/key-keeping.js';", 'operator/key-keeping.ts'],
  ['operator/operation.ts', "import { a } from './commands/keys.js';", 'operator/commands/keys.ts'],
  ['cli.ts', "import { totp } from './core/codes/totp.js';", 'core/codes/totp.ts'],
];

for (const [file, text, target] of outward) {
  test(`the check sees what is wrong in ${file}: ${JSON.stringify(text)}`, () => {
    const [found = '', ...more] = violationsOf(file, text);
    assert.equal(found.replace(' (types)', ''), `${file} must not import ${target}`);
    assert.deepEqual(more, []);
  });
}

test('a file outside of all rooms is found', () => {
  assert.deepEqual(violationsOf('helpers/misc.ts', ''), ['helpers/misc.ts belongs to no room']);
  assert.deepEqual(violationsOf('core/misc.ts', ''), ['core/misc.ts belongs to no room']);
});

test('the check lets pass what the rooms allow', () => {
  assert.deepEqual(
    violationsOf('core/codes/totp.ts', "import { totp } from 'speakeasy';\nimport { a } from './a.js';"),
    [],
  );
  assert.deepEqual(
    violationsOf('core/codes/totp.ts', "// import Koa from 'koa';\n/* import 'koa'; */\nlet a = 1;"),
    [],
  );
  assert.deepEqual(
    violationsOf('http/gate.ts', "import type { PanelHost } from '../hosts/panel-host.js';"),
    [],
  );
  assert.deepEqual(violationsOf('demo/x.ts', "import type { Slot } from '../index.js';"), []);
});

test('the check wants speakeasy and qrcode behind one file each', () => {
  const one = ['core/codes/totp.ts', "import speakeasy from 'speakeasy';"] as const;
  const qr = ['http/qr.ts', "import { toString } from 'qrcode';"] as const;
  assert.deepEqual(violationsOfAll(new Map([one, qr])), []);
  assert.match(
    violationsOfAll(new Map([one, qr, ['core/codes/b.ts', one[1]]])).join(),
    /speakeasy is imported by 2 files/,
  );
  assert.match(violationsOfAll(new Map([one])).join(), /qrcode is imported by 0 files/);
});
