import type { Visit } from '../audit/visit.js';
import { newGeneration } from '../codes/generation.js';
import type { SetPlace } from '../codes/recovery-codes.js';
import { findStep } from '../codes/totp.js';
import { readTyped } from '../codes/typed-code.js';
import type { Enrolment } from './enrolment-store.js';
import { enrolmentId, type OpenEnrolments, type OpenEnrolmentsDeps } from './open-enrolments.js';
import type { SelfRefusal } from './self-refusal.js';

export type Registered =
  | {
      readonly kind: 'registered';
      readonly recoveryCodes: readonly string[];
      /** The generation the factor has once it is saved. */
      readonly generation: string;
    }
  | SelfRefusal;

export interface RegistrationDeps extends OpenEnrolmentsDeps {
  readonly open: OpenEnrolments;
}

/** Takes a code of the enrolment's key, once, and gives recovery codes, to be shown once. The password was asked for before. */
export async function register(
  deps: RegistrationDeps,
  visit: Visit,
  enrolment: Enrolment,
  place: SetPlace,
  typed: string,
): Promise<Registered> {
  const { enrolments, audit } = deps;
  const read = readTyped(typed);
  if (read.kind === 'missing') return { kind: 'missing-code' };
  const secret = deps.open.secretOf(visit.session, enrolment);
  const code = read.kind === 'code' ? read.code : '';
  const now = deps.clock();
  const step = findStep(secret, code, enrolment.period, now);
  if (step === undefined) {
    const shown = enrolment.period === 60 ? 30 : 60;
    const isOther = findStep(secret, code, shown, now) !== undefined;
    return refused(
      deps,
      visit,
      isOther ? { kind: 'other-period', shown, wanted: enrolment.period } : { kind: 'wrong-code' },
    );
  }
  if (enrolment.registration && step <= enrolment.registration.step) {
    return refused(deps, visit, { kind: 'used-code' });
  }
  const { codes, set } = await place.create();
  const registration = { step, generation: newGeneration(), recovery: set };
  if (!(await enrolments.register(enrolmentId(visit.session), registration))) {
    return refused(deps, visit, { kind: 'used-code' });
  }
  await audit.record(visit, 'enrolment.registered', enrolment.adopted && { reason: 'adopted' });
  return { kind: 'registered', recoveryCodes: codes, generation: registration.generation };
}

/** Writes a refusal down. */
export async function refused<R extends SelfRefusal>(
  { audit }: Pick<RegistrationDeps, 'audit'>,
  visit: Visit,
  refusal: R,
): Promise<R> {
  await audit.record(visit, 'enrolment.refused', { reason: refusal.kind });
  return refusal;
}
