import type { PanelSession } from '../account/account.js';
import { storeId } from '../account/store-id.js';
import { askerOf, type Visit, type VisitAudit } from '../audit/visit.js';
import type { Clock } from '../base/clock.js';
import {
  type Bucket,
  HOUR_SECONDS,
  type Limit,
  type RateLimiter,
  refundEach,
  spendEach,
} from '../base/limiter.js';
import type { Factor } from '../codes/factor.js';
import type { CodeRefusal, FactorProof } from '../codes/proof.js';
import { isOfApp, readTyped } from '../codes/typed-code.js';
import type { LoginLedger } from './login-ledger.js';
import type { PendingLogin, PendingStore } from './pending-store.js';

const TRIES = 5;
const WAIT_MS = 5 * 60_000;
/** Requests from before the right code come within this; after it a session without its clearance is over. */
const CLEARED_MS = 5 * 60_000;
/**
 * Logins opened with the right password: each is a row for a month. The smaller bound is for each client on its own, so that
 * somebody else who knows the password does not shut the owner out.
 */
const PER_ACCOUNT_AND_CLIENT: Limit = { limit: 60, windowSeconds: 600 };
const PER_ACCOUNT: Limit = { limit: 300, windowSeconds: HOUR_SECONDS };
/** For a client who finds the account's bound used up by others: enough for an owner. */
const STILL_PER_CLIENT: Limit = { limit: 6, windowSeconds: HOUR_SECONDS };
/** Another request of the same login may be between its two writes. */
const RACE_WAITS_MS = [20, 60, 120];

/** The session's tries are used up, or its five minutes are over: it has to end. */
export interface LoginOver {
  readonly kind: 'over';
  readonly because: 'too-many-codes' | 'expired';
}

/**
 * The session has shown the code, and this request comes without the clearance: sent before the answer arrived, or by somebody who
 * has only the session. It gets nothing, and it does not end what the other one has.
 */
export interface ClearedBefore {
  readonly kind: 'cleared-before';
}

export type LoginRefusal = CodeRefusal | LoginOver;

/** More logins were opened than a person does; nothing was changed, and the session goes on waiting. */
export interface TooManyLogins {
  readonly kind: 'too-many-logins';
  readonly retryAfterSeconds: number;
}

export type OpenedLogin =
  | { readonly kind: 'open'; readonly pending: PendingLogin }
  | LoginOver
  | ClearedBefore
  | TooManyLogins;

export type LoginOutcome =
  | { readonly kind: 'cleared'; readonly by: 'code' | 'recovery-code'; readonly returnTo: string }
  | ClearedBefore
  | LoginRefusal;

export interface LoginDeps {
  readonly pending: PendingStore;
  readonly ledger: LoginLedger;
  readonly limiter: RateLimiter;
  readonly proof: FactorProof;
  readonly audit: VisitAudit;
  readonly clock: Clock;
}

type CountedOpening =
  | { readonly allowed: true; readonly buckets: readonly Bucket[] }
  | { readonly allowed: false; readonly retryAfterSeconds: number };

const NOT_COUNTED: CountedOpening = { allowed: true, buckets: [] };

/** The time between the right password and the right code of a panel session. */
export class Login {
  readonly #deps: LoginDeps;

  constructor(deps: LoginDeps) {
    this.#deps = deps;
  }

  /**
   * The pending login of a session, opened when this is the first time it is asked for this factor.
   * Expired also when it was lost with its store: no new tries. Nothing is opened where its code was right. One without
   * tries is still here when its session could not be ended.
   */
  async open(visit: Visit, factor: Factor, returnTo?: string): Promise<OpenedLogin> {
    const { pending, ledger, limiter, clock } = this.#deps;
    const id = pendingId(visit.session, factor);
    const known = await pending.find(id);
    if (known === 'cleared') return { kind: 'cleared-before' };
    if (known && known.triesLeft < 1) return this.#settled(id, 'too-many-codes');
    if (known && (returnTo === undefined || known.returnTo === returnTo)) {
      return { kind: 'open', pending: known };
    }
    const counted = known ? NOT_COUNTED : await this.#countOpening(visit);
    if (!counted.allowed) return { kind: 'too-many-logins', retryAfterSeconds: counted.retryAfterSeconds };
    const now = clock();
    if (known || (await ledger.open(id, now))) {
      const login = { triesLeft: TRIES, expiresAt: now + WAIT_MS, returnTo: '', ...known };
      const opened = returnTo === undefined ? login : { ...login, returnTo };
      await pending.open(id, opened);
      return { kind: 'open', pending: opened };
    }
    await refundEach(limiter, counted.buckets);
    return this.#settled(id, 'expired');
  }

  /** Counts a login that is opened; a client's own bounds decide, and the account's only while others have not used it up. */
  async #countOpening(visit: Visit): Promise<CountedOpening> {
    const { limiter } = this.#deps;
    const { account, client } = askerOf(visit);
    const ofClient = {
      name: `login-open/account-and-client/${account}/${client}`,
      ...PER_ACCOUNT_AND_CLIENT,
    };
    const ofAll = { name: `login-open/account/${account}`, ...PER_ACCOUNT };
    const still = { name: `login-open/still/${account}/${client}`, ...STILL_PER_CLIENT };
    const spend = await spendEach(limiter, [ofClient, ofAll]);
    if (spend.allowed) return { allowed: true, buckets: [ofClient, ofAll] };
    if (spend.full === ofClient) return spend;
    const reserve = await spendEach(limiter, [ofClient, still]);
    return reserve.allowed ? { allowed: true, buckets: [ofClient, still] } : reserve;
  }

  async submit(visit: Visit, factor: Factor, typed: string): Promise<LoginOutcome> {
    const { pending, proof, clock } = this.#deps;
    const actor = visit.session.actor;
    const id = pendingId(visit.session, factor);
    const login = await pending.find(id);
    if (login === 'cleared') return { kind: 'cleared-before' };
    if (!login) return { kind: 'over', because: 'expired' };
    const read = readTyped(typed);
    if (read.kind === 'missing') return { kind: 'missing-code' };
    if (isOfApp(read) && factor.lockedUntil !== undefined && factor.lockedUntil > clock()) {
      return this.#refused(visit, { kind: 'locked', until: factor.lockedUntil });
    }
    let left: number | undefined;
    const spendTry = async (): Promise<LoginOver | ClearedBefore | undefined> => {
      left = await pending.spend(id);
      if (left !== undefined) return undefined;
      const settled = await this.#settled(id, 'too-many-codes');
      return settled.kind === 'open' ? { kind: 'over', because: 'expired' } : settled;
    };
    const judged = await proof.judge({ account: actor, client: visit.client }, factor, typed, spendTry);
    if (judged.kind === 'busy' || judged.kind === 'cleared-before') return judged;
    if (judged.kind === 'proven') {
      await pending.clear(id, clock() + CLEARED_MS);
      await this.#recordCleared(visit, id, judged.by);
      return { kind: 'cleared', by: judged.by, returnTo: login.returnTo };
    }
    await this.#refused(visit, judged);
    return left === 0 ? { kind: 'over', because: 'too-many-codes' } : judged;
  }

  /** A login that could not be written down clears nobody: it starts again. */
  async #recordCleared(visit: Visit, id: string, by: 'code' | 'recovery-code'): Promise<void> {
    const { audit, pending } = this.#deps;
    try {
      await audit.record(visit, by === 'code' ? 'login.code' : 'login.recovery-code');
    } catch (error) {
      await pending.close(id);
      throw error;
    }
  }

  async cancel(visit: Visit, factor: Factor): Promise<void> {
    await this.#deps.pending.close(pendingId(visit.session, factor));
    await this.#deps.audit.record(visit, 'login.cancelled');
  }

  /** What a login is that takes no code right now, when the request that does something with it has had its time. */
  async #settled(id: string, because: LoginOver['because']): Promise<Exclude<OpenedLogin, TooManyLogins>> {
    for (const wait of RACE_WAITS_MS) {
      await new Promise((resolve) => setTimeout(resolve, wait));
      const now = await this.#deps.pending.find(id);
      if (now === 'cleared') return { kind: 'cleared-before' };
      if (now && now.triesLeft > 0) return { kind: 'open', pending: now };
    }
    return { kind: 'over', because };
  }

  async #refused<R extends LoginRefusal>(visit: Visit, refusal: R): Promise<R> {
    const reason = refusal.kind === 'over' ? refusal.because : refusal.kind;
    await this.#deps.audit.record(visit, 'login.refused', { reason });
    return refusal;
  }
}

function pendingId(session: PanelSession, factor: Factor): string {
  return storeId(session, session.actor, factor.generation);
}
