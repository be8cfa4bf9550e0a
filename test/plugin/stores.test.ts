import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { ownManifest } from '../../src/plugin/manifest.js';
import { openDatabaseStores } from '../../src/plugin/stores.js';
import { freePort } from '../support/free-port.js';
import { tempFolder } from '../support/temp-folder.js';

const folder = tempFolder();
const text = join(folder, 'text');
writeFileSync(text, 'this is a text and no database'.repeat(100));
const port = await freePort();

for (const [database, said] of [
  [`mysql://u:s3cret@localhost:${port}/d`, `localhost:${port} cannot be opened: connect ECONNREFUSED`],
  [`mysql://u:s3cret@[::1]:${port}/d?tls=on`, `[::1]:${port} cannot be opened: connect E`],
  [`postgres://u:s3cret@localhost:${port}/d`, `localhost:${port} cannot be opened: connect ECONNREFUSED`],
  [`mysql://u:s3cret@/d?socket=${folder}/none`, `${folder}/none cannot be opened: connect ENOENT`],
  [`postgres://u:s3cret@/d?socket=${folder}`, `${folder} cannot be opened: connect ENOENT`],
  [`sqlite:${folder}`, `${folder} cannot be opened: ${folder} is not a regular file`],
  [`sqlite:${text}/below`, `${text}/below cannot be opened: ${text}/below cannot be opened: ENOTDIR`],
  [`sqlite:${text}`, `${text} cannot be opened: SQLITE_NOTADB`],
] as const) {
  test(`10.17 the start says in one line that ${said}`, async () => {
    const opening = openDatabaseStores({ database, keyFile: join(folder, 'key') }, ownManifest());
    await assert.rejects(opening, ({ message }: Error) => {
      assert.ok(message.startsWith(`Our database at ${said}`), message);
      assert.doesNotMatch(message, /s3cret|\n/);
      return true;
    });
  });
}
