import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { ENGLISH } from '../src/demo/messages-en.js';
import { packageRoot } from '../src/plugin/manifest.js';

const root = packageRoot();
const KEY = /'((?:[a-z0-9-]+\.)?[a-z0-9-]+)'/g;

function sources(folder: string): string[] {
  return readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
    .filter((name) => /\.(eta|ts)$/.test(name) && !name.startsWith('demo/'))
    .map((name) => readFileSync(join(root, folder, name), 'utf8'));
}

const code = [...sources('templates'), ...sources('src')].join('\n');
const manifest = readFileSync(join(root, 'plugin.manifest.json'), 'utf8');
const languages = readdirSync(join(root, 'templates/messages'));

for (const file of languages) {
  test(`${file}: no text is missing and none is unused`, () => {
    const texts = Object.keys(JSON.parse(readFileSync(join(root, 'templates/messages', file), 'utf8')));
    const quoted = new Set([...code.matchAll(KEY)].map((match) => match[1]));
    const unused = texts.filter((key) => !quoted.has(key) && !manifest.includes(`"${key}"`));
    const called = [...code.matchAll(/\bt\(\s*'([^']+)'/g)].map((match) => match[1] ?? '');
    assert.ok(called.length > 20);
    assert.deepEqual(unused, []);
    assert.deepEqual(
      called.filter((key) => !texts.includes(key)),
      [],
    );
  });
}

test('the demo panel: no text is missing and none is unused', () => {
  const code = [...sources('demo/views'), ...panelSources()].join('\n');
  const used = new Set([...code.matchAll(KEY)].map((match) => match[1]));
  const begun = [...code.matchAll(/['`]([a-z-]+\.)(?:' \+|\$\{)/g)].map((match) => match[1] ?? '');
  assert.ok(begun.length > 2);
  const isUsed = (key: string) => used.has(key) || begun.some((start) => key.startsWith(start));
  assert.deepEqual(
    Object.keys(ENGLISH).filter((key) => !isUsed(key)),
    [],
  );
  const called = [...code.matchAll(/\bt\(\s*'([^']+)'/g)].map((match) => match[1] ?? '');
  assert.ok(called.length > 20);
  assert.deepEqual(
    called.filter((key) => !key.endsWith('.') && !Object.hasOwn(ENGLISH, key)),
    [],
  );
});

/** The code of the demo panel without its catalogues. */
function panelSources(): string[] {
  const folder = join(root, 'src/demo');
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts') && !name.startsWith('messages'))
    .map((name) => readFileSync(join(folder, name), 'utf8'));
}
