import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { PanelStep } from '../../../src/core/account/panel-step.js';
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
  return { ...person(actorFactor, cleared, place, factorRequired), identity: 'session' };
}

function person(actorFactor: FactorState, cleared: string[], place: Place, factorRequired: boolean) {
  return {
    place,
    session: { id: 's', start: START, account, actor: account },
    actorFactor,
    factorRequired,
    clearedFor: (generation: string) => cleared.includes(generation),
    accountCleared: false,
  };
}

test('row 3: without a session only public pages', () => {
  assert.equal(decide({ identity: 'anonymous', place: 'public' }), 'pass');
  assert.equal(decide({ identity: 'anonymous', place: 'logout' }), 'pass');
  assert.equal(decide({ identity: 'anonymous', place: 'panel-step' }), 'to-login');
  assert.equal(decide({ identity: 'anonymous', place: 'protected' }), 'to-login');
});

const CODE: PanelStep = { paths: ['/code'], beforeCode: true };
const FORCED: PanelStep = { paths: ['/new-password', '/script'], beforeCode: false };
const UNKNOWN: PanelStep = { paths: [], beforeCode: false };
const none: FactorState = { kind: 'none' };

/** Step, factor, cleared for; then what happens to: the step's page, public, protected, another step's page, logout. */
const STEPS: readonly (readonly [string, PanelStep, FactorState, string[], string])[] = [
  ['a code of the panel', CODE, none, [], 'pass pass to-step to-step pass'],
  ['a code of the panel, ours later', CODE, active, [], 'pass pass to-step to-step pass'],
  ['a new password', FORCED, none, [], 'pass to-step to-step to-step pass'],
  ['a new password, ours first', FORCED, active, [], 'ask-code ask-code ask-code ask-code pass'],
  ['a new password, an old code', FORCED, active, ['old'], 'ask-code ask-code ask-code ask-code pass'],
  ['a new password, ours shown', FORCED, active, ['now'], 'pass to-step to-step to-step pass'],
  [
    'a new password, factor removed before',
    FORCED,
    removed(START - 1),
    [],
    'pass to-step to-step to-step pass',
  ],
  [
    'a new password, factor removed meanwhile',
    FORCED,
    removed(START + 1),
    [],
    'end-session end-session end-session end-session pass',
  ],
  ['nobody knows what', UNKNOWN, none, [], 'explain explain explain explain pass'],
  ['nobody knows what, ours shown', UNKNOWN, active, ['now'], 'explain explain explain explain pass'],
];
for (const [what, step, state, cleared, expected] of STEPS) {
  test(`row 4, A57: the panel waits for ${what}`, () => {
    for (const required of [false, true]) {
      const at = (place: Place, isStepPath = false) =>
        decide({ ...person(state, cleared, place, required), identity: 'panel-step', step, isStepPath });
      const decisions = [
        at('panel-step', true),
        at('public'),
        at('protected'),
        at('panel-step'),
        at('logout'),
      ];
      assert.equal(decisions.join(' '), expected);
    }
  });
}

test('whoever is logged in has nothing to do at the pages of the steps', () => {
  assert.equal(decide(session(none, [], 'panel-step')), 'to-home');
  assert.equal(decide(session(active, ['now'], 'panel-step')), 'to-home');
  assert.equal(decide(session(active, [], 'panel-step')), 'ask-code');
  assert.equal(decide(session(none, [], 'panel-step', true)), 'enrol');
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
