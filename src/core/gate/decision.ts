import type { PanelSession } from '../account/account.js';
import type { FactorState } from '../codes/factor.js';

/** What is known of a request that is neither one of our own pages nor a static file of the panel. */
export type Facts =
  | { readonly identity: 'anonymous' | 'panel-pending'; readonly place: Place }
  | {
      readonly identity: 'session';
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
    };

/** Where in the panel the request goes; see `Admission` of the host. */
export type Place = 'public' | 'panel-step' | 'logout' | 'protected';

export type Decision = 'pass' | 'to-login' | 'ask-code' | 'enrol' | 'end-session';

/** The decision table of docs/ARCHITECTURE.md, from its third row on. Everything not named there is refused. */
export function decide(facts: Facts): Decision {
  switch (facts.identity) {
    case 'anonymous':
      return facts.place === 'public' || facts.place === 'logout' ? 'pass' : 'to-login';
    case 'panel-pending':
      return facts.place === 'panel-step' || facts.place === 'logout' ? 'pass' : 'to-login';
    case 'session':
      return decideSession(facts);
  }
}

function decideSession(facts: Extract<Facts, { identity: 'session' }>): Decision {
  const state = facts.actorFactor;
  const without = facts.factorRequired ? 'enrol' : 'pass';
  if (facts.place === 'logout') return 'pass';
  switch (state.kind) {
    case 'none':
      return without;
    case 'removed': {
      // Somebody may wait at the code page while an admin removes the factor: he never showed a code.
      const { removedAt, removedGeneration } = state.tombstone;
      const began = facts.session.start;
      return began > removedAt || facts.clearedFor(removedGeneration) || facts.accountCleared
        ? without
        : 'end-session';
    }
    case 'active':
      return facts.clearedFor(state.factor.generation) || facts.accountCleared ? 'pass' : 'ask-code';
  }
}
