/** What the panel has put between the right password and the session: a code of its own, or a new password. */
export interface PanelStep {
  /** Paths that are open in it, exactly; the first leads to it. None when nobody knows the step: then nothing is open. */
  readonly paths: readonly string[];
  /** May it be done before our code? Only what changes nothing in the account, as a code of the panel's own does not. */
  readonly beforeCode: boolean;
}
