import assert from 'node:assert/strict';
import {
  chmodSync,
  chownSync,
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { loadKeyFile, readKeyFile } from '../../src/storage/key-file.js';
import { lockKeyFile } from '../../src/storage/key-file-keeper.js';
import { tempFolder } from '../support/temp-folder.js';

const AT = 1_764_000_000_000;

async function newFile(): Promise<string> {
  const path = join(tempFolder(), 'key');
  await loadKeyFile(path, async () => true);
  return path;
}

test('a key is added, activated, and the old one dropped; each state is read back the same', async () => {
  const path = await newFile();
  const old = readKeyFile(path);
  const keeper = await lockKeyFile(path);
  const added = await keeper.add(AT);
  assert.deepEqual(readKeyFile(path), added);
  assert.equal(added.active, old.active);
  const [, id = ''] = [...added.keys.keys()];
  assert.deepEqual(added.times.get(id), { added: AT });
  const activated = await keeper.activate(id, AT + 1);
  assert.deepEqual(readKeyFile(path), activated);
  assert.equal(activated.active, id);
  assert.equal(activated.times.get(old.active)?.retired, AT + 1);
  assert.equal(
    (await keeper.activate(id, AT + 9)).times.get(old.active)?.retired,
    AT + 1,
    'the first time counts',
  );
  await assert.rejects(keeper.drop([id]), /active key cannot be dropped/);
  await keeper.drop([old.active]);
  assert.deepEqual([...readKeyFile(path).keys.keys()], [id]);
  assert.equal(statSync(path).mode & 0o777, 0o400);
  await keeper.close();
  assert.deepEqual(readdirSync(join(path, '..')).sort(), ['key', 'key.lock']);
});

test('a link to the file stays a link, and the lock beside the file follows none', async () => {
  const path = await newFile();
  const link = join(tempFolder(), 'link');
  symlinkSync(path, link);
  const keeper = await lockKeyFile(link);
  await keeper.add(AT);
  await keeper.close();
  assert.equal(readKeyFile(path).keys.size, 2);
  assert.equal(readFileSync(link, 'utf8'), readFileSync(path, 'utf8'));
  const other = await newFile();
  writeFileSync(`${other}.target`, 'mine', { mode: 0o644 });
  symlinkSync(`${other}.target`, `${other}.lock`);
  await assert.rejects(lockKeyFile(other), /key\.lock is a link; remove it/);
  assert.equal(readFileSync(`${other}.target`, 'utf8'), 'mine');
  assert.equal(statSync(`${other}.target`).mode & 0o777, 0o644);
});

test('the file of another user is not changed', {
  skip: process.getuid?.() !== 0 && 'only root can make one',
}, async () => {
  const path = await newFile();
  chownSync(path, 65_534, 65_534);
  await assert.rejects(lockKeyFile(path), /belongs to another user, who alone can change it/);
  assert.deepEqual(readdirSync(join(path, '..')), ['key']);
});

test('of two processes the second is refused, until the first is done', async () => {
  const path = await newFile();
  const first = await lockKeyFile(path);
  await assert.rejects(lockKeyFile(path), /The key file \S+ is in use by another process/);
  assert.equal(statSync(`${path}.lock`).mode & 0o777, 0o600, 'nobody else can hold it');
  await first.close();
  await (await lockKeyFile(path)).close();
});

test('a file that is missing, open to others or malformed is refused', async () => {
  const path = await newFile();
  await assert.rejects(lockKeyFile(`${path}.none`), /is missing$/);
  chmodSync(path, 0o440);
  await assert.rejects(lockKeyFile(path), /is open to others/);
  chmodSync(path, 0o600);
  writeFileSync(path, '{}');
  await assert.rejects(lockKeyFile(path), /is malformed/);
});

test('what a killed process left is taken away', async () => {
  const path = await newFile();
  writeFileSync(`${path}.new`, 'half', { mode: 0o400 });
  await (await lockKeyFile(path)).close();
  assert.deepEqual(readdirSync(join(path, '..')).sort(), ['key', 'key.lock']);
});
