import { type AccountKey, keyText, sameAccount } from '../../../core/account/account.js';
import type { Person } from '../people/people.js';
import type { StoredUser } from './session-data.js';

/** What is known of who came into a session by "login as". `live` has the rows of all who are named, by their keys. */
export interface Standing {
  readonly present: Person;
  readonly former: StoredUser | undefined;
  /** Who was himself in this session first, as his browser proves it. */
  readonly opener: AccountKey | undefined;
  readonly live: ReadonlyMap<string, Person>;
}

/**
 * Whose password opened the session, undefined when it cannot have come about like this. The former identity of a session
 * says nothing by itself: it stays there after the way back, and somebody may have put it there. So whoever might be the
 * actor by it must have been himself in this session before, in this browser.
 */
export function actorOf({ present, former, opener, live }: Standing): Person | undefined {
  const was = former && live.get(keyText(former));
  // To the panel an admin in the former identity may be anybody, so he must be one.
  if (former && former.typ !== 'user' && !(was?.active && was.typ === former.typ)) return undefined;
  if (!opener || sameAccount(opener, present.account)) {
    // Among admins a former one is left over from the way back.
    const isLeftOver = opener !== undefined && present.account.role === 'admin';
    return was && isAbove(was, present) && !isLeftOver ? undefined : present;
  }
  const actor = live.get(keyText(opener));
  if (!former || !actor?.active || present.account.realm !== 'user') return undefined;
  if (!isAbove(actor, present)) return undefined;
  // An admin may have become a reseller first, and one of his clients then.
  return actor.account.role === 'admin' || sameAccount(actor.account, former) ? actor : undefined;
}

/** Who is above somebody else may "login as" him: an admin everybody, a reseller his own clients. */
export function isAbove({ account, clientId }: Person, other: Person): boolean {
  if (sameAccount(account, other.account)) return false;
  if (account.role === 'admin') return true;
  return account.role === 'reseller' && clientId !== '0' && other.parentClientId === clientId;
}
