import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { Account, PanelSession } from '../../../src/core/account/account.js';
import { newGeneration } from '../../../src/core/codes/generation.js';
import { Clearances } from '../../../src/core/gate/clearance.js';
import { KeyRing } from '../../../src/core/keys/key-ring.js';

const NOW = 1_790_000_000_000;
const account: Account = { realm: 'user', id: '7', name: 'client1', role: 'client' };
const session: PanelSession = { id: 's1', start: NOW - 1000, account, actor: account };
const generation = newGeneration();
const clearances = new Clearances(
  new KeyRing({ active: '00000001', keys: new Map([['00000001', Buffer.alloc(32, 9)]]) }),
  3_600_000,
);
const value = clearances.issue(session, account, generation, NOW);
const covers = (text: string, now = NOW) => clearances.covers(text, session, account, generation, now);

test('A34 one changed, removed or added character makes a clearance worthless', () => {
  assert.equal(covers(value), true);
  fc.assert(
    fc.property(
      fc.nat(value.length),
      fc.string({ unit: 'binary', maxLength: 3 }),
      fc.nat(3),
      (at, put, cut) => {
        const changed = value.slice(0, at) + put + value.slice(at + cut);
        assert.equal(covers(changed), changed === value);
      },
    ),
    { numRuns: 5_000 },
  );
});

test('A34 nothing that is put together from parts of clearances is one', () => {
  const others = [
    clearances.issue(session, account, newGeneration(), NOW),
    clearances.issue({ ...session, id: 's2' }, account, generation, NOW),
    clearances.issue(session, { realm: 'mailuser', id: '7' }, generation, NOW),
    clearances.issue(session, account, generation, NOW + 1),
  ];
  const parts = [value, ...others].map((text) => text.split('.'));
  const part = (index: number) => fc.constantFrom(...parts.map((known) => known[index] ?? ''));
  fc.assert(
    fc.property(fc.tuple(part(0), part(1), part(2), part(3)), (chosen) => {
      const text = chosen.join('.');
      assert.equal(covers(text), text === value || text === others[3]);
    }),
    { numRuns: 1_000 },
  );
});

test('whatever a browser sends as a clearance, it is judged without a fault', () => {
  const piece = fc.oneof(
    fc.string({ unit: 'binary' }),
    fc.constantFrom('.', '00000001', generation, String(NOW)),
  );
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 9 }), (pieces) => {
      assert.equal(covers(pieces.join('')), false);
    }),
  );
});

test('A36 an hour of clock either way: no older than its age, and none from the future', () => {
  fc.assert(
    fc.property(fc.integer({ min: -7_200_000, max: 7_200_000 }), (shift) => {
      assert.equal(covers(value, NOW + shift), shift >= -60_000 && shift < 3_600_000);
    }),
  );
});
