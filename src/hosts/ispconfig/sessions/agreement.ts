import type { People, Person } from '../people/people.js';
import type { StoredUser } from './session-data.js';

/** What a session says of its user and his live row does not; an admin may just have changed it. */
export type Change = 'kind' | 'modules' | 'groups' | 'default-group' | 'client' | 'mailbox' | 'name';

/**
 * What the copy in a session has and the live row has not, undefined when the panel would act by it as by the row. A
 * copy with less is honest: who gets a module or a client sees it after his next login.
 */
export async function changeOf(
  stored: StoredUser,
  live: Person,
  people: Pick<People, 'existingGroups'>,
): Promise<Change | undefined> {
  if (stored.typ !== live.typ) return 'kind';
  if (!stored.modules.every((name) => live.modules.includes(name))) return 'modules';
  if (stored.defaultGroup !== live.defaultGroup) return 'default-group';
  if (stored.clientId !== live.clientId) return 'client';
  if (live.account.realm === 'mailuser' && stored.email !== live.account.name) return 'mailbox';
  if (!isNameOf(stored.name, live)) return 'name';
  const others = stored.groups.filter((id) => !live.groups.includes(id));
  if (others.length === 0) return undefined;
  // A reseller who deletes a client keeps the client's group in his session, and nothing is in it any more.
  return isGroups(others) && (await people.existingGroups(others)).length === 0 ? undefined : 'groups';
}

/** The panel finds a user's client by it, and writes it down as who did something. No user has an `@` in his name. */
function isNameOf(name: string, { account }: Person): boolean {
  return account.realm === 'user' ? name === account.name : name.includes('@');
}

/** The panel puts them into its statements as they are. */
function isGroups(ids: readonly string[]): boolean {
  return ids.length <= 1_000 && ids.every((id) => /^[1-9]\d{0,9}$/.test(id));
}
