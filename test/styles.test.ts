import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { inProject } from './support/project.js';

/** All files below some folders with one of the endings, as one text. */
function textOf(folders: readonly string[], ending: RegExp): string {
  return folders
    .flatMap((folder) =>
      readdirSync(inProject(folder), { recursive: true, encoding: 'utf8' })
        .filter((name) => ending.test(name))
        .map((name) => readFileSync(inProject(join(folder, name)), 'utf8')),
    )
    .join('\n');
}

const SHEETS: readonly (readonly [folder: string, users: readonly string[]])[] = [
  ['templates/assets', ['templates', 'src/hosts/ispconfig', 'demo/views']],
  ['demo/assets', ['templates', 'demo/views']],
];

for (const [folder, users] of SHEETS) {
  test(`${folder}: every class and id in a style sheet is one of a page`, () => {
    const selectors = textOf([folder], /\.css$/).replace(/\/\*.*?\*\/|\{[^{}]*\}/gs, '');
    const names = new Set([...selectors.matchAll(/[.#]([a-z][\w-]*)/g)].map((match) => match[1] ?? ''));
    assert.ok(names.size > 20);
    // `sign-<%= name %>`: what comes behind the dash is made by the page.
    const markup = textOf(users, /\.(eta|js|ts)$/).replace(
      /sign-<%= name %>/g,
      'sign-home sign-tools sign-system sign-mail',
    );
    const words = new Set(markup.split(/[^\w-]+/));
    assert.deepEqual(
      [...names].filter((name) => !words.has(name)),
      [],
    );
  });
}
