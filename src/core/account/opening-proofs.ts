import type { AccountKey, PanelSession } from './account.js';

/** Who opened a session, as a browser proves it. */
export interface Opener {
  readonly key: AccountKey;
  /** Made with the key that is active now? One that is not ends with its key. */
  readonly isCurrent: boolean;
}

/** What makes and reads proofs of who opened a session. */
export interface OpeningProofs {
  /** The cookie's value; undefined when there is nothing to prove it with. */
  issue(session: Pick<PanelSession, 'id' | 'start'>, account: AccountKey): string | undefined;
  /** Undefined when the value is no such proof for this session. */
  openerOf(value: string | undefined, session: Pick<PanelSession, 'id' | 'start'>): Opener | undefined;
}

/** Proves nothing: no former identity counts. */
export const NO_PROOFS: OpeningProofs = { issue: () => undefined, openerOf: () => undefined };
