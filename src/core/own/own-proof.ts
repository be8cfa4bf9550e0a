import { isImpersonating } from '../account/account.js';
import type { Visit } from '../audit/visit.js';
import type { Factor } from '../codes/factor.js';
import type { FactorStore } from '../codes/factor-store.js';
import type { FactorProof } from '../codes/proof.js';
import type { OwnPassword } from './own-password.js';
import type { SelfRefusal } from './self-refusal.js';

export interface OwnProofDeps {
  readonly factors: FactorStore;
  readonly password: OwnPassword;
  readonly proof: FactorProof;
}

/** Asks somebody with an active factor for his password and a code of it (ASVS 7.5.1). */
export async function proveBoth(
  deps: OwnProofDeps,
  visit: Visit,
  password: string,
  typed: string,
): Promise<{ readonly kind: 'proven'; readonly factor: Factor } | SelfRefusal> {
  const { session } = visit;
  if (isImpersonating(session)) return { kind: 'impersonating' };
  const state = await deps.factors.find(session.actor);
  if (state.kind !== 'active') return { kind: 'changed-meanwhile' };
  const refusal = await deps.password.refuse(visit, password);
  if (refusal) return refusal;
  const proof = await deps.proof.judge({ account: session.actor, client: visit.client }, state.factor, typed);
  return proof.kind === 'proven' ? { kind: 'proven', factor: state.factor } : proof;
}
