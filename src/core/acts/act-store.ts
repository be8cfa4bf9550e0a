/** What is known of an act: somebody is at it, or it is done and this came of it. */
export type KnownAct = { readonly kind: 'running' } | { readonly kind: 'done'; readonly outcome: string };

/** Acts whose form may come again. Short-lived, shared by nodes. Times are in milliseconds since 1970. */
export interface ActStore {
  /**
   * Takes an act for its caller: undefined for the first one per id, what is known of it for all others. When `until` has
   * passed without an outcome it can be taken again.
   */
  claim(id: string, until: number): Promise<KnownAct | undefined>;
  /** Tells what came of it, for all that ask before `until`. */
  finish(id: string, outcome: string, until: number): Promise<void>;
  /** What is known of it, without taking it. */
  find(id: string): Promise<KnownAct | undefined>;
  /** Forgets it: nothing came of it. One that is not there is no error. */
  drop(id: string): Promise<void>;
}
