import type { Context } from 'koa';
import { type Account, isImpersonating, type PanelSession, sameAccount } from '../core/account/account.js';
import type { PanelStep } from '../core/account/panel-step.js';
import type { Visit } from '../core/audit/visit.js';
import { Lane } from '../core/base/lane.js';
import { StoreUnavailable } from '../core/base/store-unavailable.js';
import type { FactorState } from '../core/codes/factor.js';
import { type Decision, decide, type Place } from '../core/gate/decision.js';
import type { Identity } from '../hosts/panel-host.js';
import { addressBucket, canonicalAddress } from './address.js';
import { PageError } from './page-error.js';
import type { Services } from './services.js';

/** Whose password was right, with the live state of his actor's factor and what his clearance cookie is worth. */
interface Person extends Visit {
  readonly actorFactor: FactorState;
  /** Does the operator demand a factor of the actor? */
  readonly factorRequired: boolean;
  /** Does the request carry this generation's clearance of the actor? */
  readonly clearedFor: (generation: string) => boolean;
  /** Does it carry a clearance of the session's own account, given while that was the actor? */
  readonly accountCleared: boolean;
}

/** A logged-in visitor. */
export interface SessionVisitor extends Person {
  readonly kind: 'session';
}

/** Somebody whom the panel does not let in before a step of its own; after it the same session goes on. */
export interface StepVisitor extends Person {
  readonly kind: 'panel-step';
  readonly step: PanelStep;
}

export type KnownVisitor = SessionVisitor | StepVisitor;

/** Somebody with a session that has to end. */
export type RefusedVisitor = Extract<Identity, { kind: 'refused' }>;

export type Visitor = { readonly kind: 'anonymous' } | RefusedVisitor | KnownVisitor;

/** What happens to a request of this visitor, for this path of the panel. */
export function decisionOf(
  visitor: Exclude<Visitor, RefusedVisitor>,
  request: { readonly place: Place; readonly path: string },
): Decision {
  const { place, path } = request;
  switch (visitor.kind) {
    case 'anonymous':
      return decide({ identity: 'anonymous', place });
    case 'session':
      return decide({ ...visitor, identity: 'session', place });
    case 'panel-step': {
      const isStepPath = visitor.step.paths.includes(path);
      return decide({ ...visitor, identity: 'panel-step', place, isStepPath });
    }
  }
}

/** A browser asks for some ten things at once, an office behind one address for some hundred. */
const AT_ONCE = { atOnce: 32, places: 4_096, perAccount: 4_096, perClient: 512 };

/** Finds out whose request it is, once per request. */
export class Visitors {
  readonly #services: Services;
  readonly #known = new WeakMap<Context, Promise<Visitor>>();
  readonly #lane = new Lane(AT_ONCE);

  constructor(services: Services) {
    this.#services = services;
  }

  of(ctx: Context): Promise<Visitor> {
    let visitor = this.#known.get(ctx);
    if (!visitor) {
      visitor = this.#inPlace(ctx);
      this.#known.set(ctx, visitor);
    }
    return visitor;
  }

  /** The same when it was asked for before; else undefined. */
  known(ctx: Context): Promise<Visitor> | undefined {
    return this.#known.get(ctx);
  }

  /** The same, read anew; from then on it is what `of` answers. */
  again(ctx: Context): Promise<Visitor> {
    const visitor = this.#inPlace(ctx, 'again');
    this.#known.set(ctx, visitor);
    return visitor;
  }

  /** Gives this session, and no other, a clearance for the actor's factor of this generation. */
  clear(ctx: Context, session: PanelSession, generation: string): void {
    const { clearances, clock } = this.#services;
    this.#give(ctx, session, [clearances.issue(session, session.actor, generation, clock())]);
    this.#known.delete(ctx);
  }

  /**
   * Beside the clearance it has, gives this session the one for a factor that it has registered and not saved: who sends
   * Save twice has it before the first answer is there.
   */
  clearAhead(ctx: Context, { session, actorFactor }: SessionVisitor, generation: string): void {
    const { clearances, clock } = this.#services;
    const now = clock();
    const ahead = clearances.issue(session, session.actor, generation, now);
    const shown = shownBefore(actorFactor);
    const held = this.#services.clearanceCookie
      .read(ctx)
      .find((value) => shown && clearances.covers(value, session, session.actor, shown, now));
    this.#give(ctx, session, held ? [held, ahead] : [ahead]);
  }

  /** For as long as the panel's session may last in this browser, and never longer than a clearance does. */
  #give(ctx: Context, { staysLoggedIn }: PanelSession, values: readonly string[]): void {
    const { clearanceCookie, clearances } = this.#services;
    clearanceCookie.write(ctx, values, staysLoggedIn ? clearances.maxAgeSeconds : undefined);
  }

  /** The panel's and our own database have a few connections each, and all requests of all people come by here. */
  async #inPlace(ctx: Context, again?: 'again'): Promise<Visitor> {
    const place = this.#lane.take({ client: addressBucket(ctx.ip) });
    if (!place) throw new PageError(429, 'error.too-many-at-once', { retryAfterSeconds: 1 });
    try {
      return await place.run(() => this.#find(ctx, again));
    } finally {
      place.leave();
    }
  }

  async #find(ctx: Context, again?: 'again'): Promise<Visitor> {
    const identity = await this.#identify(ctx, again);
    if (identity.kind === 'anonymous' || identity.kind === 'refused') return identity;
    const { factors, clearances, clearanceCookie, clock, requires } = this.#services;
    const { session } = identity;
    const held = clearanceCookie.read(ctx);
    const covers = (account: Account, generation: string) =>
      held.some((value) => clearances.covers(value, session, account, generation, now));
    const now = clock();
    const actorFactor = await factors.find(session.actor);
    let accountCleared = false;
    if (held.length > 0 && isImpersonating(session) && actorFactor.kind !== 'none') {
      const own = await factors.find(session.account);
      accountCleared = own.kind === 'active' && covers(session.account, own.factor.generation);
    }
    return {
      ...identity,
      address: canonicalAddress(ctx.ip),
      client: addressBucket(ctx.ip),
      actorFactor,
      factorRequired: requires(session.actor),
      clearedFor: (generation) => covers(session.actor, generation),
      accountCleared,
    };
  }

  async #identify(ctx: Context, again?: 'again'): Promise<Identity> {
    try {
      return await this.#services.host.identify(ctx, again);
    } catch (cause) {
      throw new StoreUnavailable("The panel's session store", { cause });
    }
  }
}

/** The generation that a session may have shown and still needs: of the live factor, or of the one that was removed. */
function shownBefore(state: FactorState): string | undefined {
  switch (state.kind) {
    case 'none':
      return undefined;
    case 'removed':
      return state.tombstone.removedGeneration;
    case 'active':
      return state.factor.generation;
  }
}

/** Is it the same session of the same people with the same roles, as far in as before, or nobody both times? */
export function sameVisitor(one: Visitor, other: Visitor): boolean {
  if (one.kind === 'refused' || other.kind === 'refused') return false;
  if (one.kind === 'anonymous' || other.kind === 'anonymous') return one.kind === other.kind;
  const [here, there] = [one.session, other.session];
  return (
    one.kind === other.kind &&
    here.id === there.id &&
    here.start === there.start &&
    sameAs(here.account, there.account) &&
    sameAs(here.actor, there.actor)
  );
}

function sameAs(one: Account, other: Account): boolean {
  return sameAccount(one, other) && one.role === other.role;
}
