import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { packageRoot } from '../src/manifest.js';

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
