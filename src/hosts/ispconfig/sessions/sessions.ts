import type { Context } from 'koa';
import type { PanelSession } from '../../../core/account/account.js';
import type { PanelDatabase } from '../people/panel-database.js';
import type { People, Person } from '../people/people.js';
import { MalformedData } from './php-reader.js';
import { sessionIdOf } from './session-cookie.js';
import { readSessionData, type SessionUser } from './session-data.js';

/**
 * Whose request it is. `cookie` is the session id for the panel, in the spelling of its database; without one the
 * panel sees a visitor who has none.
 */
export type Visit =
  | { readonly kind: 'anonymous'; readonly cookie?: string }
  | { readonly kind: 'panel-pending'; readonly cookie: string }
  | {
      readonly kind: 'session';
      readonly cookie: string;
      readonly session: PanelSession;
      readonly modules: readonly string[];
    };

interface SessionRow {
  readonly id: string;
  readonly start: number | null;
  readonly data: Buffer | null;
}

const FIND = `SELECT session_id AS id, UNIX_TIMESTAMP(date_created) AS start, CAST(session_data AS BINARY) AS data
  FROM sys_session WHERE session_id = ?`;

/** Reads the panel's sessions, once per request and never from memory: "login as" and logout change them any time. */
export class Sessions {
  readonly #database: PanelDatabase;
  readonly #people: People;
  readonly #reading = new WeakMap<Context, Promise<Visit>>();
  readonly #read = new WeakMap<Context, Visit>();

  constructor(database: PanelDatabase, people: People) {
    this.#database = database;
    this.#people = people;
  }

  /** Rejects when the database cannot be read or the session is no session as PHP writes them. */
  of(ctx: Context): Promise<Visit> {
    let visit = this.#reading.get(ctx);
    if (!visit) {
      visit = this.#find(sessionIdOf(ctx.req.headers.cookie)).then((found) => {
        this.#read.set(ctx, found);
        return found;
      });
      this.#reading.set(ctx, visit);
    }
    return visit;
  }

  /** What `of` has answered for this request before. */
  known(ctx: Context): Visit {
    return this.#read.get(ctx) ?? { kind: 'anonymous' };
  }

  async exists(id: string): Promise<boolean> {
    return (await this.#database.rows(FIND, [id])).length > 0;
  }

  async #find(id: string | undefined): Promise<Visit> {
    if (id === undefined) return { kind: 'anonymous' };
    const [row] = await this.#database.rows<SessionRow>(FIND, [id]);
    // The panel would open a new session under an id that somebody else may have chosen.
    if (!row) return { kind: 'anonymous' };
    const { user, formerUser, pending } = readSessionData(row.data ?? Buffer.alloc(0));
    if (pending) return { kind: 'panel-pending', cookie: row.id };
    if (!user) return { kind: 'anonymous', cookie: row.id };
    const person = await this.#live(user);
    // The session still has a copy of the account that was blocked or deleted: the panel must no longer see it.
    if (!person) return { kind: 'anonymous' };
    if (row.start === null) throw new MalformedData('A session without a start');
    const actor = (await this.#formerActor(formerUser, person)) ?? person;
    const start = Number(row.start) * 1000;
    return {
      kind: 'session',
      cookie: row.id,
      session: { id: row.id, start, account: person.account, actor: actor.account },
      modules: user.modules,
    };
  }

  async #live(user: SessionUser): Promise<Person | undefined> {
    if (!user.active) return undefined;
    const person = await this.#people.find(
      user.userid === '0'
        ? { realm: 'mailuser', id: user.mailuserId ?? '' }
        : { realm: 'user', id: user.userid },
    );
    return person?.active ? person : undefined;
  }

  /** Who came by "login as": the former identity is one only while its live row may log in as this account. */
  async #formerActor(former: SessionUser | undefined, present: Person): Promise<Person | undefined> {
    if (!former || former.userid === '0' || present.account.realm !== 'user') return undefined;
    if (former.userid === present.account.id) return undefined;
    const person = await this.#live(former);
    if (!person) return undefined;
    const isAdmin = person.account.role === 'admin';
    const owns =
      person.account.role === 'reseller' &&
      person.clientId !== '0' &&
      present.parentClientId === person.clientId;
    return isAdmin || owns ? person : undefined;
  }
}
