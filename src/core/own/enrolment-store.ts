import type { Period, RecoverySet } from '../codes/factor.js';

/** The begin of an enrolment: a key that is shown and not yet proven. */
export interface EnrolmentDraft {
  /** The secret, sealed for purpose `enrolment` and the account's key. */
  readonly sealedSecret: string;
  readonly period: Period;
  /** The generation this enrolment is going to replace. */
  readonly replaces: string | undefined;
  /** True when an active factor is being moved to a new device: the old one was proven. */
  readonly swap: boolean;
  /** It is the panel's own key, which the app has already: it is not shown. */
  readonly adopted?: true;
  /** Milliseconds since 1970. */
  readonly expiresAt: number;
}

/** What registering adds: password and code were right, recovery codes were shown. */
export interface Registration {
  /** The step of the code that proved the key. */
  readonly step: number;
  /** The generation the factor is going to have. */
  readonly generation: string;
  readonly recovery: RecoverySet;
}

/** A factor being set up; `registration` is undefined until the app has proven that it has the key. */
export interface Enrolment extends EnrolmentDraft {
  readonly registration: Registration | undefined;
}

/** Factors being set up. Short-lived, shared by nodes. */
export interface EnrolmentStore {
  /** Begins an enrolment, or gives the one that is there: two tabs share one key. */
  begin(id: string, draft: EnrolmentDraft): Promise<Enrolment>;
  /** Undefined when there is none or it is over. */
  find(id: string): Promise<Enrolment | undefined>;
  /**
   * Sets the registration, in place of an earlier one with a smaller step. True for exactly one caller per
   * step; false when the enrolment is gone or its step is not smaller.
   */
  register(id: string, registration: Registration): Promise<boolean>;
  /** Removes it; it is not an error if there is none. */
  close(id: string): Promise<void>;
}
