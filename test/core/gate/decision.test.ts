import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Factor, FactorState } from '../../../src/core/codes/factor.js';
import { decide, type Facts, type Place } from '../../../src/core/gate/decision.js';

const account = { realm: 'user', id: '7', name: 'client1', role: 'client' } as const;
const START = 1000;
const factor = { generation: 'now' } as Factor;
const active: FactorState = { kind: 'active', factor };
const removed = (removedAt: number): FactorState => ({
  kind: 'removed',
  tombstone: { key: account, generation: 'stone', removedGeneration: 'old', removedAt },
});

function session(
  actorFactor: FactorState,
  cleared: string[],
  place: Place = 'protected',
  factorRequired = false,
): Facts {
  return {
    identity: 'session',
    place,
    session: { id: 's', start: START, account, actor: account },
    actorFactor,
    factorRequired,
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

test('row 7, A44: a factor that is required and not there opens nothing but its own set-up', () => {
  const required = (state: FactorState, cleared: string[], place?: Place) =>
    decide(session(state, cleared, place, true));
  assert.equal(required({ kind: 'none' }, []), 'enrol');
  assert.equal(required({ kind: 'none' }, [], 'public'), 'enrol');
  assert.equal(required({ kind: 'none' }, [], 'logout'), 'pass');
  assert.equal(required(active, ['now']), 'pass');
  assert.equal(required(active, []), 'ask-code');
  assert.equal(required(removed(START - 1), []), 'enrol');
  assert.equal(required(removed(START + 1), ['old']), 'enrol');
  assert.equal(required(removed(START + 1), []), 'end-session');
});

test('A45: a session that waited at the code page while the factor was removed is ended', () => {
  assert.equal(decide(session(removed(START + 1), [])), 'end-session');
  assert.equal(decide(session(removed(START + 1), ['old'])), 'pass');
  assert.equal(decide(session(removed(START - 1), [])), 'pass');
});
