import { createHash } from 'node:crypto';
import type { PanelSession } from '../account/account.js';
import { storeId } from '../account/store-id.js';
import type { Clock } from '../base/clock.js';
import type { Log } from '../base/log.js';
import type { Sealer } from '../keys/sealing.js';
import type { ActStore } from './act-store.js';

/** Longer than any act takes; whoever is at it for longer is taken for dead. */
const RUNNING_MS = 15_000;
/** A form that is sent twice is sent twice within seconds, and an outcome may hold recovery codes. */
const KEPT_MS = 60_000;
const FIRST_WAIT_MS = 20;
const LONGEST_WAIT_MS = 250;

/** A form that was sent: where to, and all of it, with the token that we made for this one form. */
export interface SentForm {
  readonly path: string;
  readonly fields: object;
}

export interface ActsDeps {
  readonly acts: ActStore;
  readonly sealer: Sealer;
  readonly clock: Clock;
  readonly log: Log;
}

/** Carries out each act once: the same form, sent again by the same session, meets what came of the first. */
export class Acts {
  readonly #deps: ActsDeps;

  constructor(deps: ActsDeps) {
    this.#deps = deps;
  }

  /**
   * What `act` gives, as JSON keeps it; or what it gave, or gives right now, to the same form of the same session. When
   * it rejects nothing is kept: who asks again tries again. Rejects before `act` begins when the store is away.
   */
  async once<Outcome>(
    session: PanelSession,
    { path, fields }: SentForm,
    act: () => Promise<Outcome>,
  ): Promise<Outcome> {
    const { acts, clock, sealer } = this.#deps;
    const { actor } = session;
    const id = storeId(session, actor, 'act', path, JSON.stringify(fields));
    for (let wait = FIRST_WAIT_MS; ; wait = Math.min(wait * 1.5, LONGEST_WAIT_MS)) {
      const known = await acts.claim(id, clock() + RUNNING_MS);
      if (!known) break;
      if (known.kind === 'done') return JSON.parse(sealer.open('act', actor, known.outcome, id).toString());
      await new Promise((resolve) => setTimeout(resolve, wait));
    }
    const outcome = await this.#act(id, act);
    await this.#keep(id, () => sealer.seal('act', actor, Buffer.from(JSON.stringify(outcome)), id));
    return outcome;
  }

  /** This form is about to end its session: whoever sends it again is told the same, though nobody knows him any more. */
  async sayFarewell(form: SentForm, because: string | undefined): Promise<void> {
    await this.#keep(farewellId(form), () => JSON.stringify({ because }));
  }

  /** The farewell to this form, if it has ended its session. */
  async farewellTo(form: SentForm): Promise<{ readonly because?: string } | undefined> {
    const known = await this.#deps.acts.find(farewellId(form));
    return known?.kind === 'done' ? JSON.parse(known.outcome) : undefined;
  }

  async #act<Outcome>(id: string, act: () => Promise<Outcome>): Promise<Outcome> {
    try {
      return await act();
    } catch (error) {
      // What it waits for is the fault of the act; the claim ends by itself.
      await this.#deps.acts.drop(id).catch(() => undefined);
      throw error;
    }
  }

  /** The act is done: whoever asked first is told so, though nobody else may be. */
  async #keep(id: string, outcome: () => string): Promise<void> {
    const { acts, clock, log } = this.#deps;
    try {
      await acts.finish(id, outcome(), clock() + KEPT_MS);
    } catch (err) {
      log.error({ err }, 'panel-2fa: what came of a form could not be kept: sent again it is refused');
    }
  }
}

/** Nobody guesses it: the fields hold a token with a MAC. */
function farewellId({ path, fields }: SentForm): string {
  return createHash('sha256')
    .update(JSON.stringify(['farewell', path, fields]))
    .digest('base64url');
}
