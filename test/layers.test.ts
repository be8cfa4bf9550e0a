import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { test } from 'node:test';
import { violationsOf, violationsOfAll } from './support/layers.js';
import { inProject } from './support/project.js';

test('no layer of src looks outward', () => {
  const names = readdirSync(inProject('src'), { recursive: true, encoding: 'utf8' }).filter((name) =>
    name.endsWith('.ts'),
  );
  const files = new Map(names.map((name) => [name, readFileSync(inProject('src', name), 'utf8')]));
  assert.deepEqual(violationsOfAll(files), []);
});

const outward: readonly (readonly [file: string, text: string])[] = [
  ['core/totp.ts', "import Koa from 'koa';"],
  ['core/totp.ts', "import { Redis } from 'ioredis';"],
  ['core/totp.ts', "import type { DataSource } from 'typeorm';"],
  ['core/totp.ts', "import { readFile } from 'node:fs/promises';"],
  ['core/totp.ts', "export * from '../storage/entities.js';"],
  ['core/totp.ts', "const a = 1;\nimport {\n  one,\n  type Two,\n} from '../http/gate.js';"],
  ['core/totp.ts', "await import('../plugin.js');"],
  ['core/deep/er.ts', "import '../../config.js';"],
  ['storage/memory.ts', "import { gate } from '../http/gate.js';"],
  ['hosts/koa-session.ts', "import type { TwoFactor } from '../plugin.js';"],
  ['http/gate.ts', "import { isStatic } from '../hosts/panel-host.js';"],
  ['http/gate.ts', "import type { Ispconfig } from '../hosts/ispconfig/host.js';"],
  ['http/gate.ts', "import { DataSource } from 'typeorm';"],
  ['plugin.ts', "import { startDemo } from './demo/server.js';"],
  ['demo/server.ts', "import { createTwoFactor } from '../plugin.js';"],
  ['demo/server.ts', "import { memory } from '../storage/memory.js';"],
  ['cli.ts', "import { totp } from './core/totp.js';"],
  ['helpers/misc.ts', ''],
];

for (const [file, text] of outward) {
  test(`the check sees what is wrong in ${file}: ${JSON.stringify(text)}`, () => {
    assert.equal(violationsOf(file, text).length, 1);
  });
}

test('the check lets pass what the layers allow', () => {
  assert.deepEqual(
    violationsOf('core/totp.ts', "import { totp } from 'speakeasy';\nimport { a } from './a.js';"),
    [],
  );
  assert.deepEqual(
    violationsOf('core/totp.ts', "// import Koa from 'koa';\n/* import 'koa'; */\nlet a = 1;"),
    [],
  );
  assert.deepEqual(
    violationsOf('http/gate.ts', "import type { PanelHost } from '../hosts/panel-host.js';"),
    [],
  );
  assert.deepEqual(violationsOf('demo/x.ts', "import type { Slot } from '../index.js';"), []);
});

test('the check wants speakeasy and qrcode behind one file each', () => {
  const one = ['core/totp.ts', "import speakeasy from 'speakeasy';"] as const;
  const qr = ['http/qr.ts', "import { toString } from 'qrcode';"] as const;
  assert.deepEqual(violationsOfAll(new Map([one, qr])), []);
  assert.match(
    violationsOfAll(new Map([one, qr, ['core/b.ts', one[1]]])).join(),
    /speakeasy is imported by 2 files/,
  );
  assert.match(violationsOfAll(new Map([one])).join(), /qrcode is imported by 0 files/);
});
