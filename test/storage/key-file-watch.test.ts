import assert from 'node:assert/strict';
import { chmodSync, mkdirSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { KeyRing } from '../../src/core/keys/key-ring.js';
import { loadKeyFile } from '../../src/storage/key-file.js';
import { lockKeyFile } from '../../src/storage/key-file-keeper.js';
import { KeyFileWatch } from '../../src/storage/key-file-watch.js';
import { tempFolder } from '../support/temp-folder.js';

async function watched(folder = tempFolder()) {
  mkdirSync(folder, { recursive: true });
  const path = join(folder, 'key');
  const first = await loadKeyFile(path, async () => true);
  const failures: unknown[] = [];
  const watch = new KeyFileWatch(path, (error) => failures.push(error));
  const ring = new KeyRing(first, () => watch.lookAgain());
  const change = async () => {
    const keeper = await lockKeyFile(path);
    const { keys } = await keeper.add(1);
    await keeper.close();
    return [...keys.keys()].at(-1) ?? '';
  };
  return { path, failures, watch, ring, change };
}

test('an unknown key id makes it look at once, and not again within a second', async () => {
  const { ring, change } = await watched();
  await sleep(1_000);
  const second = await change();
  assert.ok(ring.find('csrf', second));
  const third = await change();
  assert.equal(ring.find('csrf', third), undefined);
  await sleep(1_010);
  assert.ok(ring.find('csrf', third));
});

test('a change is noticed within seconds without being asked', async (t) => {
  const { ring, watch, change } = await watched();
  watch.start((keys) => ring.use(keys));
  t.after(() => watch.stop());
  const id = await change();
  const used = new Promise<void>((resolve) => {
    const use = ring.use.bind(ring);
    ring.use = (keys) => {
      use(keys);
      if (keys.keys.has(id)) resolve();
    };
  });
  await Promise.race([used, sleep(5_000).then(() => assert.fail('not noticed'))]);
});

test('a file that cannot be read any more is told once and takes no key away', async () => {
  const { path, ring, failures } = await watched();
  const known = ring.activeId;
  for (const spoil of [
    () => chmodSync(path, 0o444),
    () => renameSync(path, `${path}.away`),
    () => rmSync(`${path}.away`),
  ]) {
    spoil();
    for (let look = 0; look < 2; look++) {
      await sleep(1_010);
      assert.equal(ring.find('csrf', '00000000'), undefined);
    }
    assert.ok(ring.find('csrf', known));
  }
  assert.match(failures.map(String).join('\n'), /is open to others .*\n.* is missing$/);
});

/** Each leaves something in the place of the key file or of its folder, and nothing else. */
const SPOILT: readonly (readonly [
  code: string,
  place: (path: string) => string,
  spoil: (place: string) => void,
])[] = [
  ['ELOOP', dirname, (place) => symlinkSync(place, place)],
  ['ELOOP', (path) => path, (place) => symlinkSync(place, place)],
  ['ENOTDIR', dirname, (place) => writeFileSync(place, '')],
  ['ENAMETOOLONG', dirname, (place) => symlinkSync('x'.repeat(300), place)],
  ['not a regular file', (path) => path, (place) => mkdirSync(place, 0o700)],
  // For root there is no folder without rights.
  ...(process.getuid?.() === 0
    ? []
    : [['EACCES', dirname, (place: string) => mkdirSync(place, 0o000)] as const]),
];

for (const [code, placeOf, spoil] of SPOILT)
  test(`${code}: a path that cannot be looked at is told once until it can; the keys stay`, async (t) => {
    const { path, ring, failures, watch, change } = await watched(join(tempFolder(), 'folder'));
    t.mock.timers.enable({ apis: ['setInterval'] });
    let now = performance.now();
    t.mock.method(performance, 'now', () => (now += 2_000));
    watch.start((keys) => ring.use(keys));
    t.after(() => watch.stop());
    const look = () => t.mock.timers.tick(2_000);
    const known = ring.activeId;
    const place = placeOf(path);
    for (const times of [1, 2]) {
      renameSync(place, `${place}.away`);
      spoil(place);
      look();
      look();
      assert.equal(ring.find('csrf', '00000000'), undefined, 'a request that looks again');
      assert.ok(ring.find('csrf', known));
      assert.equal(failures.length, times);
      assert.match(String(failures.at(-1)), new RegExp(code));
      rmSync(place, { recursive: true });
      renameSync(`${place}.away`, place);
      look();
    }
    const id = await change();
    look();
    assert.ok(ring.find('csrf', id));
    assert.equal(failures.length, 2);
  });
