import type { PanelSession } from '../account/account.js';
import type { PanelStep } from '../account/panel-step.js';
import type { FactorState } from '../codes/factor.js';

/** What is known of a request that is neither one of our own pages nor a static file of the panel. */
export type Facts =
  | { readonly identity: 'anonymous'; readonly place: Place }
  | (PersonFacts & { readonly identity: 'session' })
  | (PersonFacts & {
      readonly identity: 'panel-step';
      readonly step: PanelStep;
      /** Is this one of the step's own paths? */
      readonly isStepPath: boolean;
    });

/** What is known of somebody whose password was right. */
interface PersonFacts {
  readonly place: Place;
  readonly session: PanelSession;
  /** The live state of the actor's factor. */
  readonly actorFactor: FactorState;
  /** Does the operator demand a factor of the actor? */
  readonly factorRequired: boolean;
  /** Is this generation's clearance with the request, for the actor? */
  readonly clearedFor: (generation: string) => boolean;
  /** Does the request carry a clearance of the session's own account, given while it was the actor? */
  readonly accountCleared: boolean;
}

/** Where in the panel the request goes; see `Admission` of the host. */
export type Place = 'public' | 'panel-step' | 'logout' | 'protected';

/** `explain`: a page of ours that says that the panel's step is not known, and lets him leave. */
export type Decision =
  | 'pass'
  | 'to-login'
  | 'to-home'
  | 'to-step'
  | 'explain'
  | 'ask-code'
  | 'enrol'
  | 'end-session';

/** The decision table of docs/ARCHITECTURE.md, from its third row on. Everything not named there is refused. */
export function decide(facts: Facts): Decision {
  if (facts.place === 'logout') return 'pass';
  switch (facts.identity) {
    case 'anonymous':
      return facts.place === 'public' ? 'pass' : 'to-login';
    case 'panel-step':
      return decideStep(facts);
    case 'session':
      return decideSession(facts);
  }
}

function decideStep(facts: Extract<Facts, { identity: 'panel-step' }>): Decision {
  const { step, isStepPath, place } = facts;
  if (step.paths.length === 0) return 'explain';
  // Who waits for a code may start over, as himself or as somebody else: the public pages open nothing.
  if (step.beforeCode) return isStepPath || place === 'public' ? 'pass' : 'to-step';
  const shown = codeShown(facts);
  if (shown !== 'pass') return shown;
  return isStepPath ? 'pass' : 'to-step';
}

function decideSession(facts: PersonFacts): Decision {
  const shown = codeShown(facts);
  if (shown !== 'pass') return shown;
  if (facts.factorRequired && facts.actorFactor.kind !== 'active') return 'enrol';
  // Nothing of a step is left for him. What is judged now may reach the panel when the session is another's.
  return facts.place === 'panel-step' ? 'to-home' : 'pass';
}

/** Has the actor shown the code that his factor asks for? Also `pass` where it asks for none. */
function codeShown(facts: PersonFacts): 'pass' | 'ask-code' | 'end-session' {
  const state = facts.actorFactor;
  switch (state.kind) {
    case 'none':
      return 'pass';
    case 'removed': {
      // Somebody may wait at the code page while an admin removes the factor: he never showed a code.
      const { removedAt, removedGeneration } = state.tombstone;
      const began = facts.session.start;
      return began > removedAt || facts.clearedFor(removedGeneration) || facts.accountCleared
        ? 'pass'
        : 'end-session';
    }
    case 'active':
      return facts.clearedFor(state.factor.generation) || facts.accountCleared ? 'pass' : 'ask-code';
  }
}
