import assert from 'node:assert/strict';
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { test } from 'node:test';
import type { Context } from 'koa';
import { openTemplates } from '../../src/plugin/templates.js';
import { tempFolder } from '../support/temp-folder.js';

/** An operator's folder of templates with one file. */
function folderWith(name: string, text: string): string {
  const folder = tempFolder();
  mkdirSync(join(folder, dirname(name)), { recursive: true });
  writeFileSync(join(folder, name), text);
  return folder;
}

const visitorFrom = (language: string) =>
  ({ acceptsLanguages: (known: string[]) => known.find((one) => one === language) ?? false }) as Context;

const added: readonly (readonly [file: string, language: string])[] = [
  ['messages/fr.json', 'fr'],
  ['messages/pt-BR.json', 'pt-BR'],
  ['messages/pt_BR.json', 'pt-BR'],
  ['messages/zh_hant_tw.json', 'zh-Hant-TW'],
];
for (const [file, language] of added) {
  test(`${file} adds ${language}`, () => {
    const { views } = openTemplates(folderWith(file, '\ufeff{ "save": "ok", /* more to come */ }'));
    assert.equal(views.language(visitorFrom(language)), language);
    assert.equal(views.translate(language)('save'), 'ok');
    assert.equal(views.translate(language)('copy'), 'Copy', 'what is missing is English');
  });
}

for (const [file, text] of [
  ['messages/._de.json', '\0\x05\x16\x07 Mac OS X'],
  ['messages/.de.json.swp', 'b0VIM'],
  ['messages/de.json~', '{'],
  ['messages/README.txt', 'texts'],
  ['._challenge.eta', '\0\x05\x16\x07'],
  ['assets/more/x.css', ''],
] as const) {
  test(`${file} is none of ours and is left alone`, () => {
    assert.equal(openTemplates(folderWith(file, text)).views.translate('de')('save'), 'Speichern');
  });
}

for (const [file, text, reason] of [
  ['messages/en (copy).json', '{}', /the name must be that of a language/],
  ['messages/deutsch-formal-2.json', '{}', /the name must be that of a language/],
  ['messages/de.json', '{ "save": "x" "copy": "y" }', /de\.json:1:15: a comma is missing/],
  ['messages/de.json', '["x"]', /must be an object of texts/],
  ['messages/de.json', '{ "save": 7 }', /save must be a text/],
  ['messages/de.json', '{ "save": "{count" }', /save is not in ICU message format/],
  ['challenge.eta', '<% if (it.x { %>', /challenge\.eta: /],
] as const) {
  test(`${file} with ${text} is told by its name, in a line`, () => {
    const folder = folderWith(file, text);
    assert.throws(
      () => openTemplates(folder),
      ({ message }: Error) => {
        assert.ok(message.startsWith(join(folder, file)), message);
        assert.match(message, reason);
        assert.doesNotMatch(message, /\n/);
        return true;
      },
    );
  });
}

test('a folder that is not there is told', () => {
  assert.throws(() => openTemplates('/nowhere/at/all'), /\/nowhere\/at\/all does not exist/);
});
