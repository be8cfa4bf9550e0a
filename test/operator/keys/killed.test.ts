import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { runProcess } from '../../support/process.js';
import { inProject } from '../../support/project.js';
import { Installation } from './installation.js';

const ACCOUNTS = 3;

/** A change of the key file, in its writes. */
const REPLACED = ['open', 'writeFile', 'sync', 'rename', 'sync'];

/** A step and its event. */
const STEP = [...REPLACED, 'INSERT'];

/** All writes of a whole rotation: the begin of the audit log and its own, add, activate, re-seal, drop, its end. */
const WRITES = ['INSERT', 'INSERT', ...STEP, ...STEP, ...Array(ACCOUNTS).fill('UPDATE'), ...STEP, 'INSERT'];

/** `panel-2fa keys rotate --now`, killed after so many writes. */
async function rotate(installation: Installation, killAt: number | 'never') {
  const log = join(installation.data, `writes-${killAt}`);
  const args = ['--import', inProject('.build/test/operator/keys/kill-at.js'), inProject('dist/cli.js')];
  const exit = await runProcess(
    process.execPath,
    [...args, 'keys', 'rotate', '--data', installation.data, '--now'],
    { env: { WRITES: log, KILL_AT: String(killAt) } },
  );
  const writes = killAt === 0 ? [] : readFileSync(log, 'utf8').trimEnd().split('\n');
  return { ...exit, writes };
}

test('a rotation that nobody kills makes exactly the writes that are enumerated here', async () => {
  const installation = await Installation.create(ACCOUNTS);
  const [old] = installation.keyIds;
  const { code, output, writes } = await rotate(installation, 'never');
  assert.equal(code, 0, output);
  assert.deepEqual(writes, WRITES);
  assert.match(output, /was added.*is used from now on.*3 secrets were sealed.*was dropped.*is complete/s);
  const [only, ...more] = installation.keyIds;
  assert.deepEqual(await installation.opened(), new Set([only]));
  assert.deepEqual(more, []);
  assert.notEqual(only, old);
  await installation.close();
});

for (let killAt = 0; killAt <= WRITES.length; killAt++) {
  const after = killAt === 0 ? 'before the first write' : `after write ${killAt}, ${WRITES[killAt - 1]}`;
  test(`killed ${after}: every secret opens, and the next run ends the same way`, async () => {
    const installation = await Installation.create(ACCOUNTS);
    const [old] = installation.keyIds;
    const killed = await rotate(installation, killAt);
    assert.equal(killed.signal, 'SIGKILL', killed.output);
    assert.deepEqual(killed.writes, WRITES.slice(0, killAt));
    await installation.opened();
    assert.ok(installation.keyIds.length <= 2);
    // Had it ended by itself, a further run would be another rotation.
    const isOver = !installation.keyIds.includes(old ?? '');
    if (!isOver) {
      const { code, output } = await rotate(installation, 'never');
      assert.equal(code, 0, output);
    }
    const [only, ...more] = installation.keyIds;
    assert.deepEqual(await installation.opened(), new Set([only]));
    assert.deepEqual(more, []);
    assert.notEqual(only, old);
    if (!isOver)
      assert.deepEqual(
        readdirSync(installation.data).filter((name) => name.includes('.new')),
        [],
      );
    await installation.close();
  });
}
