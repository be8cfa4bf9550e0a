import type { Period } from '../codes/factor.js';
import type { CodeRefusal } from '../codes/proof.js';
import type { TooManyActs } from './act-limit.js';
import type { PasswordRefusal } from './own-password.js';

/** Why a change of one's own factor was not made; each tells the person what to do next. */
export type SelfRefusal =
  | PasswordRefusal
  | CodeRefusal
  | TooManyActs
  /** The app has the key and shows codes of `shown` seconds where `wanted` were asked for. */
  | { readonly kind: 'other-period'; readonly shown: Period; readonly wanted: Period }
  /** The fifteen minutes are over: begin again. */
  | { readonly kind: 'enrolment-over' }
  | { readonly kind: 'not-registered' }
  /** The panel's own TOTP is off by now, or may not be read any more. */
  | { readonly kind: 'nothing-to-adopt' }
  | { readonly kind: 'passwords-differ' }
  /** The operator requires a factor for this role. */
  | { readonly kind: 'required' }
  /** Somebody else changed the factor first. */
  | { readonly kind: 'changed-meanwhile' }
  | { readonly kind: 'impersonating' };
