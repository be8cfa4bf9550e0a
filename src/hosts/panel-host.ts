import type { Context } from 'koa';
import type { Account, PanelSession, RefusedSession } from '../core/account/account.js';
import type { AccountDirectory } from '../core/account/directory.js';
import type { PanelStep } from '../core/account/panel-step.js';

/** Whose session a request carries, judged by the panel's own store and not by what the client says. */
export type Identity =
  | { readonly kind: 'anonymous' }
  /** The password was right, and a step of the panel's own (an e-mail code, say) is still missing. */
  | { readonly kind: 'panel-step'; readonly session: PanelSession; readonly step: PanelStep }
  | { readonly kind: 'session'; readonly session: PanelSession }
  /** Nothing of it is believed, and the panel is not shown it: it has to end, and its visitor to log in again. */
  | { readonly kind: 'refused'; readonly session: RefusedSession; readonly because: LoginNotice };

/**
 * What the path of a request is to the panel. Anything the host does not know for sure is `protected`.
 * `open`: another application that the operator lets through, with no session of the panel. `panel-step`: the page of a
 * step of the panel's own, of whichever.
 */
export type Admission = 'static' | 'open' | 'public' | 'panel-step' | 'logout' | 'protected';

export const LOGIN_NOTICES = [
  'cancelled',
  'changed',
  'ended',
  'expired',
  'refused',
  'too-many-codes',
] as const;

/** Why somebody is sent to the panel's login page; the host shows the text where it can. */
export type LoginNotice = (typeof LOGIN_NOTICES)[number];

/** A page of the plugin for the panel to put into its own look. */
export interface FramedPage {
  readonly title: string;
  /** Markup of the page's main part. */
  readonly html: string;
  readonly session: PanelSession;
}

/** What our code page takes over from the panel's login page. */
export interface LoginLook {
  /** Paths of our own origin, in their order. */
  readonly styleSheets: readonly string[];
  /** An image as a `data:` URL. */
  readonly logo?: string;
}

/** The panel this plugin protects. Everything panel-specific is behind this. */
export interface PanelHost {
  /** For the admin's pages, and to notice accounts that were deleted. */
  readonly accounts: AccountDirectory;
  /**
   * Rejects when the panel's session store cannot be read; the request is then refused with 503. Asked when the head of
   * a request is there, and with `again` when its body is: what was read for this request before may be old by then.
   */
  identify(ctx: Context, again?: 'again'): Promise<Identity>;
  /** By path and method alone; asked before anything else, on each request. */
  admits(ctx: Context): Admission;
  /** Is this the account's current password? Anything longer than 256 characters is false. */
  verifyPassword(account: Account, password: string): Promise<boolean>;
  /**
   * The key, in base32, of a TOTP of the panel's own that is on for this account, where the panel has one and the operator lets
   * us read it.
   */
  totpSecret?(account: Account): Promise<string | undefined>;
  /** Ends the session at the panel and proves that it is gone; rejects when it is not. */
  endSession(ctx: Context, session: Pick<PanelSession, 'id'>): Promise<void>;
  /** Answers with the way to a path of our own origin: 303 for a document, for a fragment what the panel's shell understands. */
  sendTo(ctx: Context, path: string): void;
  /** The path of the panel's login page, told why. */
  loginPath(notice?: LoginNotice): string;
  /** Where somebody starts after the login. */
  homePath(account: Account): string;
  /** The panel's page that carries the `settings` or `password` slot of this account, when it has one. */
  settingsPath(account: Account): string | undefined;
  /** May a login lead on to this page, which a browser has asked for as a document? Without it, to any page. */
  mayLeadTo?(ctx: Context): boolean;
  /** Rejects when it cannot be told now; without it our code page has a look of its own. */
  loginLook?(ctx: Context): Promise<LoginLook>;
  /** The BCP 47 tag of the panel's own language, for people whose language we do not have; undefined while it is not known. */
  defaultLanguage?(): string | undefined;
  /** Milliseconds of the clock that `PanelSession.start` is read from. */
  now(): Promise<number>;
  /** A whole HTML document around a page of ours; without it the plugin uses its own layout. */
  frame?(ctx: Context, page: FramedPage): Promise<string>;
}
