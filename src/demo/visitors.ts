import type { Context } from 'koa';
import type { Account } from '../index.js';
import type { People, User } from './people.js';
import { type SessionData, sessionOf } from './session-data.js';

/** Somebody logged in to the panel. */
export interface Visitor {
  readonly start: number;
  readonly csrf: string;
  readonly account: Account;
  /** Another than `account` only after "login as". */
  readonly actor: Account;
}

/** Finds out who is logged in, from the session and the live rows, once per request. */
export class Visitors {
  readonly #people: People;
  readonly #known = new WeakMap<Context, Promise<Visitor | undefined>>();

  constructor(people: People) {
    this.#people = people;
  }

  of(ctx: Context): Promise<Visitor | undefined> {
    let visitor = this.#known.get(ctx);
    if (!visitor) {
      visitor = this.#find(sessionOf(ctx));
      this.#known.set(ctx, visitor);
    }
    return visitor;
  }

  async #find(session: SessionData | undefined): Promise<Visitor | undefined> {
    if (!session) return undefined;
    const { realm, id, formerId, start, csrf } = session;
    if (realm === 'mailuser') {
      const account = await this.#people.mailUser(id);
      return account && { start, csrf, account, actor: account };
    }
    const users = await this.#people.activeUsers(formerId === undefined ? [id] : [id, formerId]);
    const account = users.find((user) => user.id === String(id));
    const actor = formerId === undefined ? account : users.find((user) => user.id === String(formerId));
    if (!account || !actor) return undefined;
    // The right to be somebody else ends when an admin is no longer an admin or a client changes resellers.
    if (formerId !== undefined && !mayLoginAs(actor, account)) return undefined;
    return { start, csrf, account, actor };
  }
}

/** An admin may become every other user, a reseller his own clients. */
export function mayLoginAs(actor: User, account: User): boolean {
  if (actor.id === account.id) return false;
  if (actor.role === 'admin') return true;
  return actor.role === 'reseller' && account.resellerId === Number(actor.id);
}
