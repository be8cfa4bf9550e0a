import assert from 'node:assert/strict';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import Koa from 'koa';
import { Views } from '../../src/http/views.js';
import { inProject } from '../support/project.js';
import { tempFolder } from '../support/temp-folder.js';

const folder = tempFolder();
mkdirSync(join(folder, 'messages'));
writeFileSync(join(folder, 'messages/fr.json'), JSON.stringify({ save: 'Enregistrer' }));
writeFileSync(join(folder, 'messages/pt.json'), '{}');

function languageOf(account: string | undefined, panel: string | undefined, browser: string): string {
  const views = new Views({
    folders: [inProject('templates'), folder],
    mount: '/2fa',
    panelLanguage: () => panel,
  });
  const request = { headers: { 'accept-language': browser }, socket: {}, url: '/', method: 'GET' };
  const ctx = new Koa().createContext(request as never, { getHeader: () => undefined } as never);
  const who = { realm: 'user', id: '1', name: 'a', role: 'client' } as const;
  return views.language(ctx, account === undefined ? who : { ...who, language: account });
}

/** The account's, the panel's, and what the browser asks for; then what is shown. */
const TABLE: readonly (readonly [
  account: string | undefined,
  panel: string | undefined,
  browser: string,
  shown: string,
])[] = [
  ['de', 'en', 'en', 'de'],
  ['fr', 'de', 'en', 'fr'],
  ['pt-BR', 'de', 'en', 'pt'],
  ['ru', 'de', 'en', 'de'],
  ['ru', 'fr', '', 'fr'],
  ['ru', undefined, 'de', 'de'],
  ['ru', 'nl', 'de', 'de'],
  ['ru', 'nl', 'ru', 'en'],
  ['ru', undefined, '', 'en'],
  [undefined, 'de', 'fr', 'fr'],
  [undefined, 'de', 'ru', 'de'],
  [undefined, 'de', '', 'de'],
  [undefined, undefined, '', 'en'],
];

for (const [account, panel, browser, shown] of TABLE)
  test(`account ${account}, panel ${panel}, browser ${browser || 'nothing'}: ${shown}`, () =>
    assert.equal(languageOf(account, panel, browser), shown));

test('a folder adds a language, and what it lacks is English', () => {
  const views = new Views({ folders: [inProject('templates'), folder], mount: '/2fa' });
  assert.equal(views.translate('fr')('save'), 'Enregistrer');
  assert.equal(views.translate('fr')('copy'), 'Copy');
});
