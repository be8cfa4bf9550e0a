/** Which table of people an account comes from. Ids of the two realms collide. */
export type Realm = 'user' | 'mailuser';

export const REALMS: readonly Realm[] = ['user', 'mailuser'];

/** The identity of an account. Everything is keyed by both parts, never by the id or the name alone. */
export interface AccountKey {
  readonly realm: Realm;
  /** The panel's own primary key, as text of at most 64 characters. */
  readonly id: string;
}

/** What somebody may do in the panel. Here `admin` opens the pages about all accounts, and `requiredFor` names roles. */
export type Role = 'admin' | 'reseller' | 'client' | 'mailuser';

/** Does the operator demand a factor of this account, by its live role? */
export type Requirement = (account: Account) => boolean;

/** Somebody who can log in, as the panel describes him now, read live and never from a cookie. */
export interface Account extends AccountKey {
  /** What the person types to log in; shown in the key URI and on pages. */
  readonly name: string;
  readonly role: Role;
  /** BCP 47 language tag, when the panel knows one. */
  readonly language?: string;
}

/** The panel's own logged-in session. */
export interface PanelSession {
  readonly id: string;
  /** When the session was opened: milliseconds of the panel's clock. */
  readonly start: number;
  readonly account: Account;
  /** The account whose password opened the session; another than `account` only after "login as". */
  readonly actor: Account;
  /** Did he choose, and the panel allow, that it outlives his browser? */
  readonly staysLoggedIn?: boolean;
}

/** A session of the panel that is not what the panel meant, or no longer what the live rows say: it has to end. */
export interface RefusedSession {
  readonly id: string;
  /** Milliseconds of the panel's clock. */
  readonly start: number;
  /** What is wrong with it, in one word for the audit log. */
  readonly rule: string;
  /** Whose it says it is, where such an account is there. */
  readonly account?: Account;
}

/** The canonical text of a key, for signatures, store keys and logs. */
export function keyText(key: AccountKey): string {
  return `${key.realm}:${key.id}`;
}

export function sameAccount(one: AccountKey, other: AccountKey): boolean {
  return one.realm === other.realm && one.id === other.id;
}

export function isImpersonating(session: PanelSession): boolean {
  return !sameAccount(session.account, session.actor);
}
