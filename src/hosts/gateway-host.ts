import type { Context } from 'koa';
import type { LoginNotice, PanelHost } from './panel-host.js';
import type { MenuEntry, Slot, SlotRequest } from './slot.js';

/** A request as the panel behind the gateway gets it. */
export interface UpstreamRequest {
  readonly kind: 'forward';
  /** Path and query in origin form, in the one spelling that the panel knows. */
  readonly target: string;
  /** End-to-end headers with lower-case names; `host`, `cookie` and the client's address are the host's choice. */
  readonly headers: Readonly<Record<string, string | string[]>>;
  /** Stands in for the body of the client, which the host has read: a checked and re-serialised API call. */
  readonly body?: Buffer;
}

/** A request that must not reach the panel. */
export interface UpstreamRefusal {
  readonly kind: 'refused';
  readonly status: number;
  /** For the log; never shown. */
  readonly reason: string;
  /** An answer for machines, instead of the error page. */
  readonly answer?: { readonly type: string; readonly body: string };
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
  /**
   * The first look at a request, before anything of it is believed: canonical path and cookie, address headers,
   * policy of machine APIs. What it answers is all that the proxy sends. `ctx.ip` is the client's address already, and
   * what two programs could read differently (a GET with a body, an upgrade, two hosts) was refused before.
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
  /** May this request be a login with a password? Asked before it is sent: parallel guesses are counted in advance. */
  isLogin(ctx: Context): boolean;
  /** What the answer says about a login with a password; undefined when it says nothing. */
  loginResult(ctx: Context, answer: PanelAnswer): 'right' | 'wrong' | undefined;
  close(): Promise<void>;
}
