import type { Answer } from './answer.js';
import type { PanelDatabase } from './database.js';
import type { PhpArray, PhpValue } from './php-session.js';
import type { PanelRequest } from './request.js';
import type { PhpSession } from './session.js';
import type { SaveControl } from './themes.js';

/** A mail that the panel would have sent. */
export interface Mail {
  readonly to: string;
  readonly subject: string;
  readonly text: string;
}

/** How the panel is set up; may be changed while it runs. */
export interface PanelSettings {
  /** `session_regenerate_id`; the panel's default is true. */
  sessionRegenerateId: boolean;
  /** Minutes, as in the interface's settings; 0 is none. */
  sessionTimeout: number;
  /** Offers "Stay logged in", which needs a `sessionTimeout`. */
  allowEndless: boolean;
  maintenance: boolean;
  /** Since 3.3: after how many days somebody has to choose a new password at his login; 0 is never. */
  passwordDays: number;
  /** The older of 3.3's two checks: then every login of every mailbox is overdue. */
  mailUsersOverdue: boolean;
  /** Whether the web server takes the client's address from `realIpHeader`: the last one in it. */
  trustRealIp: boolean;
  /** In lower case. */
  realIpHeader: string;
  /** Whether PHP sees `HTTPS=on`. */
  https: boolean;
  /** The language of the login pages, and of mailboxes without an owner's. */
  language: string;
  /** The theme of the login pages and of mailboxes, as one of `themes`. */
  theme: string;
  /** What saves a page in the theme `native`, as one of `saveControls`. */
  saveControl: SaveControl;
}

/** One request on its way through the panel's PHP. */
export interface Visit {
  readonly request: PanelRequest;
  readonly session: PhpSession;
  readonly database: PanelDatabase;
  readonly settings: Readonly<PanelSettings>;
  /** Logout answers as ever, and leaves the session as it was. */
  readonly keepsSessions: boolean;
  sendMail(mail: Mail): void;
}

export type Page = (visit: Visit) => Answer | Promise<Answer>;

/** The array under a key of the session or of another array, empty without one. */
export function arrayIn(parent: PhpArray, key: string): PhpArray {
  const value = parent[key];
  return isArray(value) ? value : {};
}

/** Who is logged in, as the session has copied it; undefined for nobody. */
export function userOf(visit: Visit): PhpArray | undefined {
  const user = arrayIn(arrayIn(visit.session.data, 's'), 'user');
  return String(user.active ?? '') === '1' ? user : undefined;
}

/** `userid` of a panel user, 0 of a mailbox. */
export function userIdOf(user: PhpArray): number {
  return Number(user.userid ?? 0);
}

export function modulesOf(user: PhpArray): string[] {
  return String(user.modules ?? '').split(',');
}

function isArray(value: PhpValue | undefined): value is PhpArray {
  return typeof value === 'object' && value !== null;
}
