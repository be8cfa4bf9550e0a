import type { PanelAnswer } from './gateway-host.js';

/** A right of the gateway's user of the panel's database that its host has no need for. */
export interface ExcessRight {
  /** `UPDATE on dbispconfig.sys_user`. */
  readonly text: string;
  readonly onlyReads: boolean;
}

/** Which version the panel is of, and which ones this gateway was run in front of. */
export interface PanelVersion {
  readonly text: string;
  readonly isSeen: boolean;
  readonly seen: readonly string[];
}

/** The panel's own setting of what becomes of the session id at a login. */
export interface SessionIds {
  readonly file: string;
  /** The name in it, as an operator finds it. */
  readonly name: string;
  /** The value that opens a new session. */
  readonly value: string;
  renews(): Promise<boolean>;
}

/** How a kind of panel is told from others, and what the gateway may do in its database: for `panel-2fa doctor`. */
export interface PanelSigns<Settings> {
  /** A page that anybody may see. */
  readonly page: string;
  /** Does this answer to a GET of that page, sent without cookies, come from such a panel? */
  isPanel(answer: PanelAnswer): boolean;
  /** Is this path the panel's own, or a folder around or below one of its own? No operator can open it. */
  owns(path: string): boolean;
  /** Rejects when the panel's database cannot be asked. */
  excessRights(settings: Settings): Promise<readonly ExcessRight[]>;
  /** What logins wait for now that its host does not know, by the panel's own names; rejects likewise. */
  unknownSteps(settings: Settings): Promise<readonly string[]>;
  /** Undefined when it cannot be told; rejects likewise. */
  version(settings: Settings): Promise<PanelVersion | undefined>;
  /** May keys of a TOTP of the panel's own be read, to be taken over? Rejects likewise. */
  mayReadTotp(settings: Settings): Promise<boolean>;
  /**
   * Does the panel open a session of a new id at each login, by its own settings? Undefined, or not there, for a kind that
   * always does; `renews` rejects when the file cannot be read.
   */
  sessionIds?(settings: Settings): SessionIds | undefined;
}
