import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ownManifest } from '../../src/plugin/manifest.js';
import { readSettings } from '../../src/plugin/settings.js';

const manifest = ownManifest();
const settings = (given: object) =>
  readSettings(manifest, {
    publicUrl: 'https://panel.example.com',
    database: 'sqlite:/tmp/a.sqlite',
    keyFile: '/tmp/key',
    ...given,
  });

const names: readonly (readonly [publicUrl: string, issuer: string])[] = [
  ['https://panel.example.com', 'panel.example.com'],
  ['https://panel.example.com:8080', 'panel.example.com'],
  ['https://xn--exmple-cua.test', 'exämple.test'],
  ['https://192.0.2.7:8080', '192.0.2.7'],
  ['https://[2001:db8::1]:8080', '2001-db8--1'],
  ['http://localhost:8080', 'localhost'],
];
for (const [publicUrl, issuer] of names) {
  test(`without an issuer the app shows the host of ${publicUrl}`, () => {
    assert.equal(settings({ publicUrl }).issuer, issuer);
    assert.equal(settings({ publicUrl, issuer }).issuer, issuer, 'and it could be written out');
  });
}

for (const issuer of ['Example Hosting', 'Ärger & Co', '<b>50 %</b>', 'x'.repeat(64), '托管']) {
  test(`an issuer may be ${issuer}`, () => assert.equal(settings({ issuer }).issuer, issuer));
}

const wrong = [
  '',
  ' ',
  ' x',
  'x ',
  'x\t',
  'a:b',
  ':',
  'a\nb',
  'a\0b',
  'a\u007f',
  'a\u0085b',
  'a\u202eb',
  '\ufeffx',
  'x'.repeat(65),
];
for (const issuer of wrong) {
  test(`an issuer may not be ${JSON.stringify(issuer)}`, () => {
    assert.throws(() => settings({ issuer }), /Wrong settings of panel-2fa: issuer: /);
  });
}
