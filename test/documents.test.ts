import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { test } from 'node:test';
import { rooms } from './support/layers.js';
import { inProject } from './support/project.js';

const documents = ['', 'docs', 'docs/adr', 'deploy'].flatMap((folder) =>
  readdirSync(inProject(folder))
    .filter((name) => name.endsWith('.md'))
    .map((name) => join(folder, name)),
);
const textOf = (file: string) => readFileSync(inProject(file), 'utf8');
const scripts = Object.keys(JSON.parse(textOf('package.json')).scripts);

/** What a pattern finds in its first group. */
const found = (text: string, pattern: RegExp) => [...text.matchAll(pattern)].map((match) => match[1] ?? '');

for (const file of documents) {
  test(`${file}: every link, path and npm command in it is there`, () => {
    const text = textOf(file);
    const links = found(text, /\]\((?!https?:)([^)#]+)/g).map((link) => join(dirname(file), link));
    const paths = found(text, /`((?:src|test|docs|deploy|scripts|bench|examples|templates)\/[\w./-]+)`/g);
    const inSrc = found(text, /`([a-z]+\/[\w./-]+\.ts)`/g)
      .filter((path) => !paths.includes(path))
      .map((path) => join('src', path));
    const missing = [...links, ...paths, ...inSrc].filter((path) => !existsSync(inProject(path)));
    assert.deepEqual(missing, []);
    const commands = [...found(text, /npm run ([\w:]+)/g), ...found(text, /npm (start|test)\b/g)];
    assert.deepEqual(
      commands.filter((name) => !scripts.includes(name)),
      [],
    );
  });
}

test('the page for newcomers names every decision and every room', () => {
  const architecture = textOf('docs/ARCHITECTURE.md');
  for (const name of readdirSync(inProject('docs/adr')))
    assert.ok(architecture.includes(`(adr/${name})`), name);
  for (const { at } of rooms) assert.ok(new RegExp(`\`(src/)?${at}\``).test(architecture), at);
});
