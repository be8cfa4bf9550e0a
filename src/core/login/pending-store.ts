/** A login that waits for its code. */
export interface PendingLogin {
  /** Tries not yet spent. */
  readonly triesLeft: number;
  /** Milliseconds since 1970. */
  readonly expiresAt: number;
  /** A GET path of our own origin. */
  readonly returnTo: string;
}

/** Logins whose password was right and whose code is missing. Short-lived, shared by nodes. */
export interface PendingStore {
  /** Opens a pending login; one that is open keeps its tries and its end and only learns the new `returnTo`. */
  open(id: string, login: PendingLogin): Promise<void>;
  /** Undefined when it was never opened, is over, was closed, or was lost; `cleared` says why it waits no more and grants nothing. */
  find(id: string): Promise<PendingLogin | 'cleared' | undefined>;
  /** Takes one try. The number left after it, or undefined when there was none to take. */
  spend(id: string): Promise<number | undefined>;
  /** Its code was right: until a time, in milliseconds since 1970, it is known as cleared and takes neither a try nor a new opening. */
  clear(id: string, until: number): Promise<void>;
  /** Removes it; it is not an error if there is none. */
  close(id: string): Promise<void>;
}
