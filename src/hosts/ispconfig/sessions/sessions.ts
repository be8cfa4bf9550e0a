import type { Context } from 'koa';
import type { PanelSession } from '../../../core/account/account.js';
import type { Opener, OpeningProofs } from '../../../core/account/opening-proofs.js';
import type { PanelStep } from '../../../core/account/panel-step.js';
import type { PanelAnswer } from '../../gateway-host.js';
import type { PanelDatabase } from '../people/panel-database.js';
import type { People } from '../people/people.js';
import { type Claim, type Judgement, judge } from './judge.js';
import type { OpenerCookie } from './opener-cookie.js';
import { removeSessionCookie, sessionIdOf } from './session-cookie.js';
import { anonymousLanguageIn, LONGEST_SESSION, readSessionData, type SessionData } from './session-data.js';
import { UnfitSession } from './unfit-session.js';

/**
 * Whose request it is. `cookie` is the session id for the panel, in the spelling of its database; without one the
 * panel sees a visitor who has none.
 */
export type Visit =
  | { readonly kind: 'anonymous'; readonly cookie?: string }
  | {
      readonly kind: 'panel-step';
      readonly cookie: string;
      readonly session: PanelSession;
      readonly step: PanelStep;
    }
  | (Extract<Judgement, { kind: 'session' }> & {
      readonly cookie: string;
      readonly theme?: string | undefined;
    })
  | (Extract<Judgement, { kind: 'refused' }> & { readonly cookie?: undefined });

export interface SessionsDeps {
  readonly database: PanelDatabase;
  readonly people: People;
  /** All names that may stand at the top of a session. */
  readonly names: ReadonlySet<string>;
  /** Which step of the panel a session waits in, by the names that are set beside its waiting user. */
  stepOf(beside: readonly string[]): PanelStep;
  readonly proofs: OpeningProofs;
  readonly openerCookie: OpenerCookie;
  /** Told what exactly is wrong with a session that cannot be read. */
  log(message: string): void;
}

interface SessionRow {
  readonly id: string;
  readonly start: number | null;
  /** "Stay logged in" was ticked, and the panel allows it. */
  readonly stays: 0 | 1;
  readonly data: Buffer | null;
}

/** The panel is asked a little later than we look, and would open a new session under the id of one that is over by then. */
const EARLY_SECONDS = 5;
/** As the panel reads it: not if its *session timeout* is over, in minutes without a request; 0 is none. */
const FIND = `SELECT session_id AS id, UNIX_TIMESTAMP(date_created) AS start, permanent = 'y' AS stays,
  LEFT(CAST(session_data AS BINARY), ${LONGEST_SESSION + 1}) AS data
  FROM sys_session LEFT JOIN sys_config ON \`group\` = 'interface' AND name = 'session_timeout'
  WHERE session_id = ? AND (permanent = 'y' OR COALESCE(value + 0, 0) <= 0
    OR last_updated >= NOW() - INTERVAL value * 60 - ${EARLY_SECONDS} SECOND)`;
const EXISTS = 'SELECT 1 FROM sys_session WHERE session_id = ?';

/**
 * Reads the panel's sessions, once with the head of a request and once more with its body, never from memory: "login
 * as" and logout change them any time.
 */
export class Sessions {
  readonly #deps: SessionsDeps;
  readonly #reading = new WeakMap<Context, Promise<Visit>>();
  readonly #read = new WeakMap<Context, Visit>();

  constructor(deps: SessionsDeps) {
    this.#deps = deps;
  }

  /** Rejects when the database cannot be read. */
  of(ctx: Context): Promise<Visit> {
    const known = this.#reading.get(ctx);
    if (known) return known;
    return this.#reads(ctx).then((found) => {
      this.#prove(ctx, found);
      return found;
    });
  }

  /** The same, read anew; from then on it is what `of` and `known` answer. */
  again(ctx: Context): Promise<Visit> {
    return this.#reads(ctx);
  }

  /** What `of` has answered for this request before. */
  known(ctx: Context): Visit {
    return this.#read.get(ctx) ?? { kind: 'anonymous' };
  }

  /** Is the session of this request still of the same people as when `of` was asked? */
  async isStill(ctx: Context): Promise<boolean> {
    const before = this.known(ctx);
    const now = await this.#find(sessionIdOf(ctx.req.headers.cookie), ctx);
    return before.kind === now.kind && people(before) === people(now);
  }

  /** The panel's answer let somebody in: whoever he is, he is the first in his new session. */
  async begun(ctx: Context, answer: PanelAnswer): Promise<void> {
    const given = [answer.headers['set-cookie'] ?? []].flat().map((line) => line.split(';', 1)[0]);
    const id = sessionIdOf(given.join(';')) ?? sessionIdOf(ctx.req.headers.cookie);
    this.#prove(ctx, await this.#find(id, ctx));
  }

  /** The language that the panel gave to a visitor whom it does not know, by its answer to him. */
  async languageGiven({ 'set-cookie': cookies = [] }: PanelAnswer['headers']): Promise<string | undefined> {
    const id = sessionIdOf(
      [cookies]
        .flat()
        .map((line) => line.split(';', 1)[0])
        .join(';'),
    );
    const [row] = id === undefined ? [] : await this.#deps.database.rows<SessionRow>(FIND, [id]);
    return row?.data ? anonymousLanguageIn(row.data) : undefined;
  }

  #reads(ctx: Context): Promise<Visit> {
    const reading = this.#find(sessionIdOf(ctx.req.headers.cookie), ctx).then((found) => {
      this.#read.set(ctx, found);
      return found;
    });
    this.#reading.set(ctx, reading);
    return reading;
  }

  /** After the panel's logout: takes back what the browser has of a session that is gone. True when it is. */
  async forget(ctx: Context): Promise<boolean> {
    const { cookie } = this.known(ctx);
    if (cookie === undefined || (await this.exists(cookie))) return false;
    removeSessionCookie(ctx);
    this.#deps.openerCookie.remove(ctx);
    return true;
  }

  async exists(id: string): Promise<boolean> {
    return (await this.#deps.database.rows(EXISTS, [id])).length > 0;
  }

  async #find(id: string | undefined, ctx: Context): Promise<Visit> {
    if (id === undefined) return { kind: 'anonymous' };
    const [row] = await this.#deps.database.rows<SessionRow>(FIND, [id]);
    // Or it is over. The panel would open a new session under an id that somebody else may have chosen.
    if (!row) return { kind: 'anonymous' };
    const start = Number(row.start ?? 0) * 1000;
    const data = this.#dataOf(row);
    if (data instanceof UnfitSession) {
      this.#deps.log(data.message);
      return { kind: 'refused', session: { id: row.id, start, rule: data.rule }, because: 'refused' };
    }
    const user = data.user ?? data.waiting?.user;
    if (!user) return { kind: 'anonymous', cookie: row.id };
    const opener = this.#opener(ctx, { id: row.id, start })?.key;
    const staysLoggedIn = Number(row.stays) === 1;
    return this.#judged({ id: row.id, start, staysLoggedIn, user, former: data.formerUser, opener }, data);
  }

  #dataOf({ data, start }: SessionRow): SessionData | UnfitSession {
    try {
      if (start === null) throw new UnfitSession('unreadable', 'A session without a start');
      return readSessionData(data ?? Buffer.alloc(0), this.#deps.names);
    } catch (error) {
      if (error instanceof UnfitSession) return error;
      throw error;
    }
  }

  async #judged(claim: Claim, { theme, waiting }: SessionData): Promise<Visit> {
    const judgement = await judge(claim, this.#deps.people);
    switch (judgement.kind) {
      case 'session':
        if (!waiting) return { ...judgement, cookie: claim.id, theme };
        return {
          kind: 'panel-step',
          cookie: claim.id,
          session: judgement.session,
          step: this.#deps.stepOf(waiting.beside),
        };
      case 'refused':
        return judgement;
      case 'shut-out':
        return { kind: 'anonymous' };
    }
  }

  /** Whoever may "login as" gets a proof that he was here first; one made with an older key would go with it. */
  #prove(ctx: Context, visit: Visit): void {
    if (visit.kind !== 'session') return;
    const { session } = visit;
    const mayBecomeOthers = session.actor.role === 'admin' || session.actor.role === 'reseller';
    if (!mayBecomeOthers || this.#opener(ctx, session)?.isCurrent) return;
    const proof = this.#deps.proofs.issue(session, session.actor);
    if (proof) this.#deps.openerCookie.write(ctx, proof, session.staysLoggedIn);
  }

  #opener(ctx: Context, session: Pick<PanelSession, 'id' | 'start'>): Opener | undefined {
    return this.#deps.proofs.openerOf(this.#deps.openerCookie.read(ctx), session);
  }
}

/** Who is in a session, and in which; empty when nobody is. */
function people(visit: Visit): string {
  if (visit.kind === 'anonymous' || visit.kind === 'refused') return '';
  const { id, start, account, actor } = visit.session;
  return JSON.stringify([id, start, account.realm, account.id, account.role, actor.realm, actor.id]);
}
