import assert from 'node:assert/strict';
import { chmod, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';
import { loadKeyFile } from '../../src/storage/key-file.js';
import { KeyFileError } from '../../src/storage/key-file-error.js';
import { parseKeyRing } from '../../src/storage/key-file-format.js';
import { parallel } from '../contracts/parallel.js';
import { temporaryFolder } from './sqlite.js';

const KEY = Buffer.alloc(32, 7).toString('base64');
const OTHER = Buffer.alloc(32, 8).toString('base64');
const yes = async () => true;
const no = async () => false;

describe('the key file', async () => {
  const folder = await temporaryFolder();
  after(() => rm(folder, { recursive: true }));

  const write = async (content: unknown, mode = 0o400) => {
    const path = join(folder, 'written.json');
    await rm(path, { force: true });
    await writeFile(path, typeof content === 'string' ? content : JSON.stringify(content));
    await chmod(path, mode);
    return path;
  };

  it('is created once, for the owner to read, and read back the same', async () => {
    const path = join(folder, 'new.json');
    const created = await loadKeyFile(path, yes);
    assert.equal((await stat(path)).mode & 0o777, 0o400);
    assert.match(created.active, /^[0-9a-f]{8}$/);
    assert.equal(created.keys.get(created.active)?.length, 32);
    assert.deepEqual(await loadKeyFile(path, no), created);
  });

  it('fifty processes that start at once agree on one key and leave nothing else', async () => {
    const path = join(folder, 'raced.json');
    const rings = await parallel(50, () => loadKeyFile(path, yes));
    assert.equal(new Set(rings.map((ring) => ring.active)).size, 1);
    assert.deepEqual(
      (await readdir(folder)).filter((name) => name.endsWith('.tmp')),
      [],
    );
  });

  it('is never made anew for factors that the lost one had sealed', async () => {
    const path = join(folder, 'lost.json');
    await assert.rejects(loadKeyFile(path, no), {
      name: 'KeyFileError',
      message: `The key file ${path} is missing but the database holds factors: restore it from your backup`,
    });
    await assert.rejects(stat(path), { code: 'ENOENT' });
  });

  it('asks whether it may be created only when it is missing', async () => {
    const path = await write({ active: '00000001', keys: [{ id: '00000001', key: KEY }] });
    await loadKeyFile(path, () => assert.fail('asked'));
  });

  it('may hold older keys', async () => {
    const keys = [
      { id: '00000001', key: KEY },
      { id: 'abcdef02', key: OTHER },
    ];
    const ring = await loadKeyFile(await write({ active: 'abcdef02', keys }), no);
    assert.equal(ring.active, 'abcdef02');
    assert.deepEqual([...ring.keys.keys()], ['00000001', 'abcdef02']);
    assert.equal(ring.keys.get('00000001')?.toString('base64'), KEY);
  });

  it('is refused when group or others can reach it', async () => {
    const ring = { active: '00000001', keys: [{ id: '00000001', key: KEY }] };
    for (const mode of [0o440, 0o404, 0o444, 0o644, 0o460, 0o602]) {
      await assert.rejects(loadKeyFile(await write(ring, mode), no), /is open to others \(mode 0\d{3}\)/);
    }
    for (const mode of [0o400, 0o600]) {
      await loadKeyFile(await write(ring, mode), no);
    }
  });

  it('is refused when it is not exactly a ring, without quoting it', async () => {
    const entry = { id: '00000001', key: KEY };
    const malformed: [unknown, RegExp][] = [
      ['', /not JSON/],
      [`{"active": "00000001", "keys": [{"id": "00000001", "key": "${KEY}`, /not JSON/],
      ['null', /not a JSON object/],
      [`"${KEY}"`, /not a JSON object/],
      [{}, /"keys" is not a list/],
      [{ active: '00000001', keys: [] }, /"active" is not the id/],
      [{ active: '00000002', keys: [entry] }, /"active" is not the id/],
      [{ keys: [entry] }, /"active" is not the id/],
      [{ active: '00000001', keys: [null] }, /8 hexadecimal digits/],
      [{ active: 'A0000001', keys: [{ ...entry, id: 'A0000001' }] }, /8 hexadecimal digits/],
      [{ active: '1', keys: [{ ...entry, id: 1 }] }, /8 hexadecimal digits/],
      [{ active: '00000001', keys: [entry, { ...entry, key: OTHER }] }, /two keys have the id 00000001/],
      [{ active: '00000001', keys: [{ id: '00000001' }] }, /not the base64 of 32 bytes/],
      [{ active: '00000001', keys: [{ ...entry, key: KEY.slice(4) }] }, /not the base64 of 32 bytes/],
      [{ active: '00000001', keys: [{ ...entry, key: `${KEY}!!` }] }, /not the base64 of 32 bytes/],
      [{ active: '00000001', keys: [{ ...entry, key: KEY.replace('=', '') }] }, /not the base64 of 32 bytes/],
    ];
    for (const [content, expected] of malformed) {
      await assert.rejects(loadKeyFile(await write(content), no), (error: Error) => {
        assert.ok(error instanceof KeyFileError);
        assert.match(error.message, expected);
        assert.ok(!error.message.includes(KEY.slice(0, 8)));
        return true;
      });
    }
  });

  it('with any one bit flipped has the same keys or is refused in one line, without quoting it', async () => {
    const path = join(folder, 'flipped.json');
    const whole = await loadKeyFile(path, yes);
    const bytes = await readFile(path);
    let refused = 0;
    for (let bit = 0; bit < bytes.length * 8; bit++) {
      const flipped = Buffer.from(bytes);
      flipped[bit >> 3] = (flipped[bit >> 3] ?? 0) ^ (1 << (bit & 7));
      try {
        const read = parseKeyRing(path, flipped.toString());
        assert.deepEqual({ ...read, times: 0 }, { ...whole, times: 0 }, `bit ${bit}`);
      } catch (error) {
        assert.ok(error instanceof KeyFileError, String(error));
        assert.match(error.message, /^The key file \S+ is (malformed|damaged): [^\n]+$/);
        assert.ok(!error.message.includes(bytes.toString('latin1', 60, 70)));
        refused += 1;
      }
    }
    assert.ok(refused > bytes.length * 6, `${refused} of ${bytes.length * 8}`);
  });

  it('says that a key is not the one that was written', async () => {
    const [, entry] = /"key": "([^"]+)"/.exec(await readFile(join(folder, 'new.json'), 'utf8')) ?? [];
    const text = (await readFile(join(folder, 'new.json'), 'utf8')).replace(entry ?? '', KEY);
    await assert.rejects(
      loadKeyFile(await write(text), no),
      /is damaged: key \w{8} is not the one that was written/,
    );
  });

  it('says why it cannot be created or read', async () => {
    await assert.rejects(loadKeyFile(join(folder, 'no', 'such.json'), yes), /cannot be created: ENOENT/);
    await chmod(folder, 0o700);
    await assert.rejects(loadKeyFile(folder, yes), /is not a regular file/);
  });

  it('ends with a line end, for people', async () => {
    assert.match(await readFile(join(folder, 'new.json'), 'utf8'), /^\{\n {2}"active": .*\}\n$/s);
  });
});
