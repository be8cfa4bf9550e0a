import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { test } from 'node:test';
import type { Account, PanelSession } from '../../../src/core/account/account.js';
import { newGeneration } from '../../../src/core/codes/generation.js';
import { Clearances } from '../../../src/core/gate/clearance.js';
import { KeyRing } from '../../../src/core/keys/key-ring.js';

const HOUR = 3_600_000;
const NOW = 1_790_000_000_000;
const account: Account = { realm: 'user', id: '7', name: 'client1', role: 'client' };
const session: PanelSession = { id: 's1', start: NOW - 1000, account, actor: account };
const generation = newGeneration();
const ring = () => new KeyRing({ active: '00000001', keys: new Map([['00000001', randomBytes(32)]]) });

test('a clearance covers its session, account and generation until it is a day old', () => {
  const clearances = new Clearances(ring(), 24 * HOUR);
  const value = clearances.issue(session, account, generation, NOW);
  assert.equal(clearances.covers(value, session, account, generation, NOW + 23 * HOUR), true);
  assert.equal(clearances.covers(value, session, account, generation, NOW + 24 * HOUR), false);
});

test('A34: a clearance of another session, start, account, realm, generation or key is useless', () => {
  const clearances = new Clearances(ring(), 24 * HOUR);
  const value = clearances.issue(session, account, generation, NOW);
  const covers = (other: Partial<PanelSession>, who = account, current = generation) =>
    clearances.covers(value, { ...session, ...other }, who, current, NOW);
  assert.equal(covers({}), true);
  assert.equal(covers({ id: 's2' }), false);
  assert.equal(covers({ start: session.start + 1 }), false);
  assert.equal(covers({}, { ...account, id: '8' }), false);
  assert.equal(covers({}, { ...account, realm: 'mailuser' }), false);
  assert.equal(covers({}, account, newGeneration()), false);
  assert.equal(new Clearances(ring(), HOUR).covers(value, session, account, generation, NOW), false);
});

test('only the canonical text of a clearance is taken', () => {
  const clearances = new Clearances(ring(), 24 * HOUR);
  const value = clearances.issue(session, account, generation, NOW);
  const last = value.at(-1) ?? '';
  const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
  const sameBytes = value.slice(0, -1) + alphabet[alphabet.indexOf(last) ^ 1];
  for (const odd of [sameBytes, ` ${value}`, `${value}=`, value.toUpperCase(), '', undefined]) {
    assert.equal(clearances.covers(odd, session, account, generation, NOW), false);
  }
});

test('while the key is rotated, processes that know different states of the file take the clearances of each other', () => {
  const [old, next] = [randomBytes(32), randomBytes(32)];
  const before = { active: '00000001', keys: new Map([['00000001', old]]) };
  const added = { active: '00000001', keys: new Map([...before.keys, ['00000002', next] as const]) };
  const activated = { ...added, active: '00000002' };
  const dropped = { active: '00000002', keys: new Map([['00000002', next]]) };
  const judge = (ring: KeyRing, value: string) =>
    new Clearances(ring, HOUR).covers(value, session, account, generation, NOW);
  const issue = (ring: KeyRing) => new Clearances(ring, HOUR).issue(session, account, generation, NOW);
  // The rotation waits until all processes know one state before it makes the next.
  for (const [one, other] of [
    [before, added],
    [added, activated],
  ] as const) {
    const [slow, quick] = [new KeyRing(one), new KeyRing(other)];
    assert.ok(judge(slow, issue(quick)) && judge(quick, issue(slow)));
  }
  const late = new KeyRing(before, () => activated);
  assert.ok(judge(late, issue(new KeyRing(activated))), 'an unknown key is looked up');
  const ring = new KeyRing(activated);
  assert.ok(judge(ring, issue(new KeyRing(before))));
  ring.use(dropped);
  assert.equal(judge(ring, issue(new KeyRing(before))), false, 'with its key a clearance ends');
});
