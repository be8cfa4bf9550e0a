import assert from 'node:assert/strict';
import { test } from 'node:test';
import { decide, type Facts, type Place } from '../../src/core/decision.js';
import type { Factor, FactorState } from '../../src/core/factor.js';

const account = { realm: 'user', id: '7', name: 'client1', role: 'client' } as const;
const START = 1000;
const factor = { generation: 'now' } as Factor;
const active: FactorState = { kind: 'active', factor };
const removed = (removedAt: number): FactorState => ({
  kind: 'removed',
  tombstone: { key: account, generation: 'stone', removedGeneration: 'old', removedAt },
});

function session(actorFactor: FactorState, cleared: string[], place: Place = 'protected'): Facts {
  return {
    identity: 'session',
    place,
    session: { id: 's', start: START, account, actor: account },
    actorFactor,
    clearedFor: (generation) => cleared.includes(generation),
    accountCleared: false,
  };
}

test('rows 3 and 4: without a session only public pages, with the panel own step pending only that', () => {
  assert.equal(decide({ identity: 'anonymous', place: 'public' }), 'pass');
  assert.equal(decide({ identity: 'anonymous', place: 'protected' }), 'to-login');
  assert.equal(decide({ identity: 'panel-pending', place: 'panel-step' }), 'pass');
  assert.equal(decide({ identity: 'panel-pending', place: 'public' }), 'to-login');
});

test('rows 6, 8 and 9: without a factor, cleared, and not cleared', () => {
  assert.equal(decide(session({ kind: 'none' }, [])), 'pass');
  assert.equal(decide(session(active, ['now'])), 'pass');
  assert.equal(decide(session(active, ['old'])), 'ask-code');
  assert.equal(decide(session(active, [], 'public')), 'ask-code');
  assert.equal(decide(session(active, [], 'logout')), 'pass');
});

test('A45: a session that waited at the code page while the factor was removed is ended', () => {
  assert.equal(decide(session(removed(START + 1), [])), 'end-session');
  assert.equal(decide(session(removed(START + 1), ['old'])), 'pass');
  assert.equal(decide(session(removed(START - 1), [])), 'pass');
});
