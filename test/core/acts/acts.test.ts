import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { test } from 'node:test';
import type { PanelSession } from '../../../src/core/account/account.js';
import type { ActStore } from '../../../src/core/acts/act-store.js';
import { Acts } from '../../../src/core/acts/acts.js';
import { KeyRing } from '../../../src/core/keys/key-ring.js';
import { Sealer, UnsealError } from '../../../src/core/keys/sealing.js';
import { MemoryActStore } from '../../../src/storage/memory/act-store.memory.js';

const account = { realm: 'user', id: '7', name: 'client1', role: 'client' } as const;
const session: PanelSession = { id: 's', start: 1, account, actor: account };
const form = { path: '/2fa/settings/register', fields: { twofa_csrf: 'k.form.mac', code: '123456' } };

function setUp() {
  let now = 1_764_000_000_000;
  const kept = new Map<string, string>();
  const memory = new MemoryActStore(() => now);
  const store: ActStore = {
    claim: (id, until) => memory.claim(id, until),
    find: (id) => memory.find(id),
    drop: (id) => memory.drop(id),
    finish: (id, outcome, until) => {
      kept.set(id, outcome);
      return memory.finish(id, outcome, until);
    },
  };
  const errors: string[] = [];
  const silent = () => undefined;
  const log = {
    info: silent,
    warn: silent,
    error: (_: object, message: string) => void errors.push(message),
  };
  const sealer = new Sealer(
    new KeyRing({ active: '0a1b2c3d', keys: new Map([['0a1b2c3d', randomBytes(32)]]) }),
  );
  const acts = new Acts({ acts: store, sealer, clock: () => now, log });
  let times = 0;
  const act = async () => {
    times += 1;
    return { recoveryCodes: [`CODE-${times}`] };
  };
  const pass = (milliseconds: number) => {
    now += milliseconds;
  };
  return { acts, store, kept, errors, act, pass, times: () => times };
}

const ANOTHER: readonly (readonly [what: string, session: PanelSession, form: typeof form])[] = [
  ['session', { ...session, id: 't' }, form],
  ['start of the session', { ...session, start: 2 }, form],
  ['actor', { ...session, actor: { ...account, id: '1' } }, form],
  ['page', session, { ...form, path: '/2fa/settings/move' }],
  ['form', session, { ...form, fields: { ...form.fields, twofa_csrf: 'k.other.mac' } }],
  ['code', session, { ...form, fields: { ...form.fields, code: '654321' } }],
];

for (const [what, other, sent] of ANOTHER) {
  test(`A58 another ${what} is another act`, async () => {
    const { acts, act, times } = setUp();
    await acts.once(session, form, act);
    assert.deepEqual(await acts.once(other, sent, act), { recoveryCodes: ['CODE-2'] });
    assert.equal(times(), 2);
  });
}

test('A58 the same form is one act for a minute, also while it is under way', async () => {
  const { acts, act, pass, times } = setUp();
  const both = await Promise.all([acts.once(session, form, act), acts.once(session, form, act)]);
  assert.deepEqual(both, [{ recoveryCodes: ['CODE-1'] }, { recoveryCodes: ['CODE-1'] }]);
  pass(59_999);
  assert.deepEqual(await acts.once(session, form, act), both[0]);
  pass(1);
  await acts.once(session, form, act);
  assert.equal(times(), 2);
});

test('A58 what failed is not kept: whoever waits for it or asks again tries again', async () => {
  const { acts, act, times } = setUp();
  const failing = acts.once(session, form, async () => {
    await new Promise((resolve) => setTimeout(resolve, 50));
    throw new Error('the database is away');
  });
  const waiting = acts.once(session, form, act);
  await assert.rejects(failing, /database is away/);
  assert.deepEqual(await waiting, { recoveryCodes: ['CODE-1'] });
  assert.equal(times(), 1);
});

test('A58 nothing is done while the store is away; what was done is told, though it could not be kept', async () => {
  const { acts, store, act, times, errors } = setUp();
  const { claim } = store;
  store.claim = () => Promise.reject(new Error('away'));
  await assert.rejects(acts.once(session, form, act), /away/);
  assert.equal(times(), 0);
  store.claim = claim;
  store.finish = () => Promise.reject(new Error('away'));
  assert.deepEqual(await acts.once(session, form, act), { recoveryCodes: ['CODE-1'] });
  assert.match(errors.join(), /could not be kept/);
});

test('A58 what is kept is sealed, and opens for its own act only', async () => {
  const { acts, store, kept, act } = setUp();
  await acts.once(session, form, act);
  const [text = ''] = [...kept.values()];
  assert.doesNotMatch(text, /CODE/);
  const theirs = { ...form, fields: { ...form.fields, code: '654321' } };
  await acts.once(session, theirs, act);
  const [, id = ''] = [...kept.keys()];
  await store.finish(id, text, 1_764_000_060_000);
  await assert.rejects(acts.once(session, theirs, act), UnsealError);
});

test('A58 a form that has ended its session leaves the reason, for that form alone', async () => {
  const { acts, pass } = setUp();
  await acts.sayFarewell(form, 'too-many-codes');
  assert.deepEqual(await acts.farewellTo(form), { because: 'too-many-codes' });
  assert.equal(await acts.farewellTo({ ...form, fields: { ...form.fields, code: '1' } }), undefined);
  pass(60_000);
  assert.equal(await acts.farewellTo(form), undefined);
});
