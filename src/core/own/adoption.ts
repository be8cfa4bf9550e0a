import { type Account, isImpersonating } from '../account/account.js';
import { askerOf, type Visit } from '../audit/visit.js';
import type { Period } from '../codes/factor.js';
import type { RecoveryCodes, SetPlace } from '../codes/recovery-codes.js';
import { findStep, keyIn } from '../codes/totp.js';
import { readTyped } from '../codes/typed-code.js';
import type { ActLimit } from './act-limit.js';
import type { OwnProofDeps } from './own-proof.js';
import { type Registered, type RegistrationDeps, refused, register } from './registration.js';

/** What authenticator apps know: codes of 30 seconds. */
const PERIOD: Period = 30;

/** The key, in base32, of the panel's own TOTP of this account, while it is on and may be read; undefined otherwise. */
export type PanelSecret = (account: Account) => Promise<string | undefined>;

export interface AdoptionDeps extends OwnProofDeps, RegistrationDeps {
  readonly recoveryCodes: RecoveryCodes;
  readonly acts: ActLimit;
  readonly panelSecret: PanelSecret;
}

/** Sets up one's factor with the key of the panel's own TOTP, which the app has already: nothing to scan. */
export class Adoption {
  readonly #deps: AdoptionDeps;

  constructor(deps: AdoptionDeps) {
    this.#deps = deps;
  }

  /** May this visit be offered it? */
  async isOffered({ session }: Visit): Promise<boolean> {
    return !isImpersonating(session) && (await this.#secretOf(session.actor)) !== undefined;
  }

  /** Proves password and app, and gives recovery codes. Nothing is active yet: from here on it is an enrolment as any. */
  async adopt(visit: Visit, password: string, typed: string): Promise<Registered> {
    if (isImpersonating(visit.session)) return { kind: 'impersonating' };
    const tooMany = await this.#deps.acts.refuse(visit, 'register');
    if (tooMany) return refused(this.#deps, visit, tooMany);
    const place = this.#deps.recoveryCodes.placeForSet(askerOf(visit));
    if (!place) return { kind: 'busy' };
    try {
      return await this.#adopt(visit, place, password, typed);
    } finally {
      place.leave();
    }
  }

  async #adopt(visit: Visit, place: SetPlace, password: string, typed: string): Promise<Registered> {
    const { factors, open, clock } = this.#deps;
    const { session } = visit;
    const state = await factors.find(session.actor);
    if (state.kind === 'active') return { kind: 'changed-meanwhile' };
    const secret = await this.#secretOf(session.actor);
    if (!secret) return refused(this.#deps, visit, { kind: 'nothing-to-adopt' });
    const refusal = await this.#deps.password.refuse(visit, password);
    if (refusal) return refused(this.#deps, visit, refusal);
    const read = readTyped(typed);
    if (read.kind === 'missing') return { kind: 'missing-code' };
    // The key that is shown to be scanned stays after a refused try.
    if (findStep(secret, read.kind === 'code' ? read.code : '', PERIOD, clock()) === undefined)
      return refused(this.#deps, visit, { kind: 'wrong-code' });
    const current = await open.current(session, state);
    // A code counts once: the same key is not set up anew.
    const isSame = current?.adopted && open.secretOf(session, current).equals(secret);
    const enrolment = isSame
      ? current
      : await open.start(visit, state, { secret, period: PERIOD, adopted: true });
    if (!enrolment.adopted) return refused(this.#deps, visit, { kind: 'changed-meanwhile' });
    return register(this.#deps, visit, enrolment, place, typed);
  }

  /** The browser that set it up has chosen it: one of another length than we give to apps is none. */
  async #secretOf(account: Account): Promise<Buffer | undefined> {
    return keyIn((await this.#deps.panelSecret(account)) ?? '');
  }
}
