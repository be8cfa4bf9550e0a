import assert from 'node:assert/strict';
import { chmodSync, writeFileSync } from 'node:fs';
import { type TestContext, test } from 'node:test';
import { KeyRotation, type RotationStep, SETTLE_MS } from '../../../src/core/keys/key-rotation.js';
import type { SealedSecrets } from '../../../src/core/keys/sealed-secrets.js';
import { readKeyFile } from '../../../src/storage/key-file.js';
import { lockKeyFile } from '../../../src/storage/key-file-keeper.js';
import { TypeOrmSealedSecrets } from '../../../src/storage/sealed-secrets.typeorm.js';
import { NOW } from '../../contracts/factors.js';
import { Installation } from './installation.js';

const DAY = 24 * 3_600_000;
const GO = { now: false, prepare: false };

/** An installation whose time stands still but for the pauses of the rotation. */
async function standing(t: TestContext, accounts = 5) {
  const installation = await Installation.create(accounts);
  const time = { now: NOW };
  const pauses: number[] = [];
  const steps: RotationStep[] = [];
  t.after(() => installation.close());
  const secrets = new TypeOrmSealedSecrets(installation.dataSource);
  const rotate = async (options: Partial<typeof GO> = {}, on: SealedSecrets = secrets) => {
    const keeper = await lockKeyFile(installation.keyFile);
    try {
      const pause = async (milliseconds: number) => {
        pauses.push(milliseconds);
        time.now += milliseconds;
      };
      const clock = () => time.now;
      const told = (step: RotationStep) => steps.push(step);
      const rotation = new KeyRotation({ keeper, secrets: on, clock, pause, keepMs: DAY, told });
      return await rotation.run({ ...GO, ...options });
    } finally {
      await keeper.close();
    }
  };
  const kinds = () => steps.splice(0).map(({ kind }) => kind);
  return { installation, secrets, time, pauses, rotate, kinds };
}

test('adds a key, waits until all know it, uses it, re-seals, keeps the old one for a day and drops it then', async (t) => {
  const { installation, time, pauses, rotate, kinds } = await standing(t, 205);
  const [old = ''] = installation.keyIds;
  const first = await rotate();
  assert.deepEqual(kinds(), ['added', 'activated', 'resealed']);
  assert.deepEqual(pauses, [SETTLE_MS, SETTLE_MS]);
  const { active } = readKeyFile(installation.keyFile);
  assert.notEqual(active, old);
  const retired = NOW + SETTLE_MS;
  assert.deepEqual(first, { kind: 'kept', active, ids: [old], until: retired + DAY });
  assert.deepEqual(await installation.opened(), new Set([active]));

  time.now = retired + DAY - 1;
  assert.equal((await rotate()).kind, 'kept', 'a run in between begins no other rotation');
  assert.deepEqual(installation.keyIds, [old, active]);
  time.now += 1;
  assert.deepEqual(await rotate(), { kind: 'done', active });
  assert.deepEqual(kinds(), ['dropped']);
  assert.deepEqual(installation.keyIds, [active]);
  assert.deepEqual(await installation.opened(), new Set([active]));
});

test('--now drops the old key in the same run', async (t) => {
  const { installation, rotate, kinds } = await standing(t);
  const result = await rotate({ now: true });
  assert.deepEqual(kinds(), ['added', 'activated', 'resealed', 'dropped']);
  assert.deepEqual(installation.keyIds, [result.kind === 'done' && result.active]);
  await installation.opened();
});

test('--prepare adds a key that nobody uses, once, and the next run goes on with it', async (t) => {
  const { installation, time, rotate, kinds } = await standing(t);
  const [old = ''] = installation.keyIds;
  assert.deepEqual(await rotate({ prepare: true }), { kind: 'prepared', active: old });
  assert.deepEqual(await rotate({ prepare: true }), { kind: 'prepared', active: old });
  assert.deepEqual(kinds(), ['added']);
  assert.deepEqual(await installation.opened(), new Set([old]));
  time.now += DAY;
  const [, prepared] = installation.keyIds;
  await rotate();
  assert.equal(readKeyFile(installation.keyFile).active, prepared);
  assert.deepEqual(await installation.opened(), new Set([prepared]));
});

test('who activates or removes a factor meanwhile wins, and what he left is re-sealed', async (t) => {
  const { installation, secrets, rotate } = await standing(t);
  const [swapped, removed] = await installation.factors.walk(undefined, 2);
  assert.ok(swapped && removed);
  const sealer = installation.sealer();
  let races = 0;
  const racing: SealedSecrets = {
    countByKey: () => secrets.countByKey(),
    notSealedWith: async (...args) => {
      const page = await secrets.notSealedWith(...args);
      if (page.length > 0 && races++ === 0) {
        // By a process that has not read the key file yet.
        const old = sealer.seal('factor', swapped, Buffer.alloc(20, 1));
        const state = await installation.factors.find(swapped);
        assert.ok(state.kind === 'active');
        const swap = { ...state.factor, generation: 'second', sealedSecret: old };
        assert.ok(await installation.factors.activate(swap, 'first'));
        assert.ok(
          await installation.factors.remove(removed, 'first', { generation: 'tomb', removedAt: NOW }),
        );
      }
      return page;
    },
    replace: (...args) => secrets.replace(...args),
  };
  const result = await rotate({ now: true }, racing);
  assert.equal(result.kind, 'done');
  assert.equal((await installation.factors.find(removed)).kind, 'removed');
  const state = await installation.factors.find(swapped);
  assert.ok(state.kind === 'active' && state.factor.generation === 'second');
  const opened = installation.sealer().open('factor', swapped, state.factor.sealedSecret);
  assert.deepEqual(opened, Buffer.alloc(20, 1));
});

test('A37 a row moved to another account keeps its key in the file, and is named', async (t) => {
  const { installation, secrets, rotate } = await standing(t);
  const [old = ''] = installation.keyIds;
  const [one, other] = await secrets.notSealedWith('none', undefined, 2);
  assert.ok(one && other && (await secrets.replace(one, other.text)));
  assert.deepEqual(await rotate({ now: true }), { kind: 'unreadable', accounts: [one.key] });
  assert.ok(installation.keyIds.includes(old));
  await installation.factors.remove(one.key, 'first', { generation: 'tomb', removedAt: NOW });
  assert.equal((await rotate({ now: true })).kind, 'done');
});

test('rows whose key is missing are left as they are and hold nothing up', async (t) => {
  const { secrets, rotate } = await standing(t);
  const [lost] = await secrets.notSealedWith('none', undefined, 1);
  assert.ok(lost && (await secrets.replace(lost, `00c0ffee.${lost.text.slice(9)}`)));
  assert.equal((await rotate({ now: true })).kind, 'done');
  assert.equal((await secrets.countByKey()).get('00c0ffee'), 1);
});

test('older keys of a ring made by hand are retired by the first run', async (t) => {
  const { installation, time, rotate } = await standing(t);
  const { active, keys } = readKeyFile(installation.keyFile);
  const own = { id: active, key: keys.get(active)?.toString('base64') };
  const older = { id: '00000001', key: Buffer.alloc(32, 1).toString('base64') };
  const ring = writeRing(installation.keyFile, { active, keys: [own, older] });
  assert.equal(ring.keys.size, 2);
  assert.deepEqual(await rotate(), { kind: 'kept', active, ids: ['00000001'], until: NOW + DAY });
  time.now = NOW + DAY;
  assert.deepEqual(await rotate(), { kind: 'done', active });
});

function writeRing(path: string, ring: object) {
  chmodSync(path, 0o600);
  writeFileSync(path, JSON.stringify(ring));
  return readKeyFile(path);
}
