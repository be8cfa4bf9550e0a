import type { Readable } from 'node:stream';
import type { Context } from 'koa';
import type { AccountRegister } from '../core/account/register.js';
import type { LoginNotice, PanelHost } from './panel-host.js';
import type { MenuEntry, Slot, SlotRequest } from './slot.js';

/** A request as the panel behind the gateway gets it. */
export interface UpstreamRequest {
  readonly kind: 'forward';
  /** Path and query in origin form, in the one spelling that the panel knows. */
  readonly target: string;
  /** End-to-end headers with lower-case names; `host` and the client's address are the host's choice. No `cookie`. */
  readonly headers: Readonly<Record<string, string | string[]>>;
  /** The only `cookie`. Asked for when the gate has let the request pass; rejects when the panel's stores cannot be read. */
  cookie(): Promise<string | undefined>;
  /** Instead of the client's own. */
  readonly method?: string;
  /**
   * Stands in for the body of the client, which the host reads: a call of an API. With a `content-length` in `headers`
   * it has that length. One that fails with `BodyRefused` must not become complete for the panel.
   */
  readonly body?: Buffer | Readable;
}

/** A request that must not reach the panel. */
export interface UpstreamRefusal {
  readonly kind: 'refused';
  readonly status: number;
  /** For the log; never shown. */
  readonly reason: string;
  /** An answer for machines, instead of the error page. */
  readonly answer?: { readonly type: string; readonly body: string };
  /** Was it read in part to find that out? An address may have only so many of these. */
  readonly isUnreadable?: boolean;
}

/** A body that turned out on its way to be one that the panel must not get. */
export class BodyRefused extends Error {
  override readonly name = 'BodyRefused';

  constructor(readonly refusal: UpstreamRefusal) {
    super(refusal.reason);
  }
}

/** What came of a login with a password; `neither`: nothing was said about the password. */
export type LoginResult = 'right' | 'wrong' | 'neither';

/** An answer to a login that the panel is not to see. */
export interface LoginAnswer {
  readonly result: LoginResult;
  readonly refusal: UpstreamRefusal;
}

/** A GET of our own to the panel. */
export interface PanelCall {
  /** Path and query. */
  readonly target: string;
  readonly headers: Readonly<Record<string, string>>;
}

/** The head of the panel's answer; header names are in lower case. */
export interface PanelAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
}

/** What the plugin has for the pages of the panel. */
export interface PageParts {
  /** Path prefix of our own pages and assets: `/2fa`. */
  readonly mount: string;
  slot(ctx: Context, request: SlotRequest): Promise<Slot>;
  /** The `forms` of the settings and password slots alone. */
  forms(ctx: Context): Promise<string>;
  menu(ctx: Context): Promise<readonly MenuEntry[]>;
  /** The menu entry for our standalone settings page, for users whose panel has no page with the slot. */
  settingsEntry(ctx: Context): Promise<MenuEntry>;
  /** The way out of a login that a step of the panel keeps back. */
  leaveEntry(ctx: Context): Promise<MenuEntry>;
  /** Removes our cookie for a session that has ended. */
  forget(ctx: Context): void;
  /** The sentence for the login page, in the language of the browser. */
  notice(ctx: Context, notice: LoginNotice): string;
}

/** The panel answers for somebody else than we judged: nothing of its page may go out. */
export class PageWithheld extends Error {
  override readonly name = 'PageWithheld';
  /** Where its visitor is sent instead, to be judged anew. */
  readonly path: string;

  constructor(reason: string, path: string) {
    super(reason);
    this.path = path;
  }
}

/** Changes a whole page of the panel; rejects with `PageWithheld` when it must not go out at all. */
export type PageEdit = (html: string) => Promise<string>;

/** The panel when it is another program behind a proxy. */
export interface GatewayHost extends PanelHost {
  readonly accounts: AccountRegister;
  /**
   * The first look at a request, before anything of it is believed: canonical path, address headers,
   * policy of machine APIs. What it answers is all that the proxy sends. `ctx.ip` is the client's address already, and
   * what two programs could read differently (a GET with a body, an upgrade, two hosts) was refused before. It reads no
   * store for a page: everybody may send as many requests as he likes, and only the gate gives them turns.
   * Rejects when the panel's stores cannot be read; the request is then refused with 503.
   */
  prepare(ctx: Context): Promise<UpstreamRequest | UpstreamRefusal>;
  /**
   * How to change the answer to this request, undefined when it passes as it streams. Asked when the head of the
   * answer is there; only then the body is held, up to the proxy's bound.
   */
  editOf(ctx: Context, answer: PanelAnswer, parts: PageParts): PageEdit | undefined;
  /** The end-to-end headers of the answer as the client gets them: `set-cookie` and `location` in particular. */
  answerHeaders(ctx: Context, answer: PanelAnswer): Record<string, string | string[]>;
  /**
   * May this request be a login with a password? Asked once it was prepared and before it is sent: parallel guesses are
   * counted in advance.
   */
  isLogin(ctx: Context): boolean;
  /** Looks at the password of a login that was counted; undefined when the panel is to judge it. */
  answerLogin(ctx: Context): Promise<LoginAnswer | undefined>;
  /** What the panel says to a login: asked with the head of its answer, and again when all was sent; undefined so long as it says nothing. */
  loginResult(ctx: Context, answer: PanelAnswer): LoginResult | undefined;
  /** May a GET of this path have a body? The host then reads it, and sends another request. */
  takesBodyInGet(ctx: Context): boolean;
  /** How a machine that has called this path is told of an error; undefined where people look at pages. */
  errorFor(ctx: Context, status: number): UpstreamRefusal['answer'];
  /**
   * Has the panel let somebody in without a session of a new id, so that others may know his? Asked for every answer;
   * the session that came with the request is then ended, and the answer does not reach the client.
   */
  keepsSession?(ctx: Context, answer: PanelAnswer): boolean;
  close(): Promise<void>;
}
