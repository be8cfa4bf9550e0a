import type { RefusedSession } from '../../../core/account/account.js';
import { type AccountKey, keyText, type PanelSession } from '../../../core/account/account.js';
import type { LoginNotice } from '../../panel-host.js';
import type { People, Person } from '../people/people.js';
import { actorOf, isAbove } from './actor.js';
import { type Change, changeOf } from './agreement.js';
import type { StoredUser } from './session-data.js';
import type { Unfitness } from './unfit-session.js';

/**
 * Why a session is refused, as the audit log says it. `former`: "login as" by somebody who was not in this session
 * himself, or who may not.
 */
export type Rule = Unfitness | Change | 'former';

export type Judgement =
  | { readonly kind: 'session'; readonly session: PanelSession; readonly modules: readonly string[] }
  | { readonly kind: 'refused'; readonly session: RefusedSession; readonly because: LoginNotice }
  /** The account is blocked or gone: the panel must not see the session as long as it is. */
  | { readonly kind: 'shut-out' };

/** A session whose user is known as it is stored. */
export interface Claim {
  readonly id: string;
  /** Milliseconds of the panel's clock. */
  readonly start: number;
  readonly staysLoggedIn: boolean;
  readonly user: StoredUser;
  readonly former: StoredUser | undefined;
  /** Who was himself in this session first, as his browser proves it. */
  readonly opener: AccountKey | undefined;
}

/** Compares what a session says with the live rows: with one question, whoever is named in it. */
export async function judge(claim: Claim, people: People): Promise<Judgement> {
  const { id, start, staysLoggedIn, user, former, opener } = claim;
  const live = await people.findAll([user, former, opener].filter((key) => key !== undefined));
  const present = live.get(keyText(user));
  if (!user.active || !present?.active) return { kind: 'shut-out' };
  const change = await changeOf(user, present, people);
  if (change) return refused(claim, change, present);
  const actor = actorOf({ present, former, opener, live });
  if (!actor) return refused(claim, 'former', present);
  const changed = actor !== present && (await changeOfFormer(former, present, live, people));
  if (changed) return refused(claim, changed, present);
  const session = { id, start, account: present.account, actor: actor.account, staysLoggedIn };
  return { kind: 'session', session, modules: user.modules };
}

/** To the panel the former identity counts as long as it could have become the present one. */
async function changeOfFormer(
  former: StoredUser | undefined,
  present: Person,
  live: ReadonlyMap<string, Person>,
  people: People,
): Promise<Change | undefined> {
  const was = former && live.get(keyText(former));
  return was && isAbove(was, present) ? changeOf(former, was, people) : undefined;
}

function refused({ id, start }: Claim, rule: Rule, { account }: Person): Judgement {
  const session = { id, start, rule, account };
  return { kind: 'refused', session, because: rule === 'former' ? 'refused' : 'changed' };
}
