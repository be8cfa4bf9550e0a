/**
 * What of a stored session shows that the panel did not mean it. The audit log and the log use these words.
 *
 * - `unreadable`: not as PHP writes it, or cut off
 * - `too-large`: longer than a session gets by using the panel
 * - `reference`, `object`, `key-twice`: PHP would read it, and the panel stores nothing like it
 * - `unknown-name`: a variable that neither the panel nor an add-on named by the operator has
 * - `wrong-user`: the user in it has not the fields that a login writes
 */
export type Unfitness =
  | 'unreadable'
  | 'too-large'
  | 'reference'
  | 'object'
  | 'key-twice'
  | 'unknown-name'
  | 'wrong-user';

/** A stored session that is refused before anybody in it is looked up. */
export class UnfitSession extends Error {
  override readonly name = 'UnfitSession';
  readonly rule: Unfitness;

  constructor(rule: Unfitness, message: string) {
    super(message);
    this.rule = rule;
  }
}
