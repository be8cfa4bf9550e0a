/** Fresh proofs by an actor before a sensitive act. Short-lived, shared by nodes. */
export interface StepUpStore {
  /** `expiresAt` is in milliseconds since 1970. */
  grant(id: string, expiresAt: number): Promise<void>;
  /** Was it granted, and is it not over yet? */
  holds(id: string): Promise<boolean>;
}
