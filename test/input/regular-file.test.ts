import assert from 'node:assert/strict';
import { execFile, execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, symlinkSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { promisify } from 'node:util';
import { openTemplates } from '../../src/plugin/templates.js';
import { tempFolder } from '../support/temp-folder.js';

const MOST_MILLISECONDS = 30_000;

const folder = tempFolder();
const [fifo, socket, directory, link] = ['fifo', 'socket', 'folder', 'link'].map((name) =>
  join(folder, name),
) as [string, string, string, string];
execFileSync('mkfifo', ['-m', '600', fifo]);
mkdirSync(directory);
symlinkSync(fifo, link);
const server = createServer().listen(socket);
await once(server, 'listening');
after(() => server.close());

/** What each reader of a file says to each path, in a process of its own that is ended when it waits. */
async function said(...paths: readonly string[]): Promise<[reader: string, path: string, answer: string][]> {
  const script = join(import.meta.dirname, `readers${import.meta.filename.slice(-3)}`);
  const options = { timeout: MOST_MILLISECONDS };
  const { stdout } = await promisify(execFile)(
    process.execPath,
    [...process.execArgv.filter((one) => !one.startsWith('--test')), script, ...paths],
    options,
  );
  return stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));
}

test('whatever is no regular file is refused in a line, and nobody waits for it', async () => {
  const answers = await said(fifo, socket, directory, link, '/dev/zero', '/dev/null');
  assert.equal(answers.length, 6 * 13);
  for (const [reader, path, answer] of answers) {
    // To lock a file, no link is followed.
    const isLinkToLock = reader === 'lock file' && path === link;
    const words = isLinkToLock ? 'is a link; remove it' : 'is not a regular file';
    assert.match(answer, new RegExp(`${path} ${words}`), reader);
    assert.doesNotMatch(answer, /\n/);
  }
});

test('a path on which nothing can be made is refused as well', async () => {
  const path = '/proc/none/x.sqlite';
  for (const [reader, , answer] of await said(path)) {
    if (['header of an archive', 'unknown pages'].includes(reader))
      assert.equal(answer, 'was read', 'as none');
    else assert.match(answer, /ENOENT/, reader);
  }
});

test('a template or a catalogue that is a FIFO is named', () => {
  for (const [place, name] of [
    ['.', 'page.eta'],
    ['messages', 'fr.json'],
  ] as const) {
    const templates = tempFolder();
    mkdirSync(join(templates, place), { recursive: true });
    execFileSync('mkfifo', [join(templates, place, name)]);
    assert.throws(
      () => openTemplates(templates),
      new RegExp(`${name.replace('.', '\\.')} is not a regular file`),
    );
  }
});
