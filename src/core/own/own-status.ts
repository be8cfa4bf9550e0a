import { type Account, isImpersonating, type PanelSession } from '../account/account.js';
import { type Factor, type FactorState, type Period, recoveryCodesLeft } from '../codes/factor.js';
import { base32, keyUri } from '../codes/totp.js';
import type { Sealer } from '../keys/sealing.js';
import type { Enrolments } from './enrolment.js';
import type { Enrolment } from './enrolment-store.js';

/** What somebody sees of his own factor. Times are in milliseconds since 1970. */
export type OwnStatus =
  | { readonly kind: 'off' }
  | SetupStatus
  | {
      readonly kind: 'active';
      readonly since: number;
      readonly lastUsedAt: number | undefined;
      readonly recoveryCodesLeft: number;
    }
  | { readonly kind: 'impersonating'; readonly active: boolean };

/** A key that is shown to be scanned or typed. */
export interface SetupStatus {
  readonly kind: 'setup';
  /** Another factor stays active until this one is saved. */
  readonly swap: boolean;
  /** Password and code were right; only Save is missing. */
  readonly registered: boolean;
  /** What is to be scanned; undefined for a key that the app has already, which nobody is shown again. */
  readonly keyUri: string | undefined;
  /** base32; undefined likewise. */
  readonly key: string | undefined;
  readonly account: string;
  readonly issuer: string;
  readonly period: Period;
  readonly expiresAt: number;
}

export interface OwnStatusDeps {
  readonly enrolments: Enrolments;
  readonly sealer: Sealer;
  readonly issuer: string;
}

/** `state` is the live one of the session's account. */
export async function ownStatus(
  deps: OwnStatusDeps,
  session: PanelSession,
  state: FactorState,
): Promise<OwnStatus> {
  if (isImpersonating(session)) return { kind: 'impersonating', active: state.kind === 'active' };
  const enrolment = await deps.enrolments.current(session, state);
  if (enrolment) return setup(deps, session.actor, enrolment);
  return state.kind === 'active' ? active(state.factor) : { kind: 'off' };
}

function setup(deps: OwnStatusDeps, actor: Account, enrolment: Enrolment): SetupStatus {
  const secret = deps.sealer.open('enrolment', actor, enrolment.sealedSecret);
  const { swap, period, expiresAt, adopted } = enrolment;
  return {
    kind: 'setup',
    swap,
    registered: enrolment.registration !== undefined,
    keyUri: adopted ? undefined : keyUri(secret, deps.issuer, actor.name, period),
    key: adopted ? undefined : base32(secret),
    account: actor.name,
    issuer: deps.issuer,
    period,
    expiresAt,
  };
}

function active(factor: Factor): OwnStatus {
  return {
    kind: 'active',
    since: factor.activatedAt,
    lastUsedAt: factor.lastUsedAt,
    recoveryCodesLeft: recoveryCodesLeft(factor),
  };
}
