import type { Context, Middleware } from 'koa';
import type { PanelHost } from './hosts/panel-host.js';
import type { SaveOutcome, Slot, SlotRequest } from './http/slot.js';

/** Settings of the plugin; their meaning, bounds and defaults stand in `plugin.manifest.json`. */
export interface Settings {
  readonly publicUrl: string;
  readonly database: string;
  readonly keyFile: string;
  readonly redis?: string;
  readonly issuer?: string;
  readonly period?: 30 | 60;
  readonly clearanceHours?: number;
  readonly contact?: string;
  readonly templates?: string;
}

export interface MenuEntry {
  readonly section: string;
  /** Translated. */
  readonly label: string;
  readonly path: string;
}

export interface TwoFactor {
  /** The gate and our own pages. Goes behind the panel's session and before its routes. */
  readonly middleware: Middleware;
  /** Renders a slot for the session of this request. */
  slot(ctx: Context, request: SlotRequest): Promise<Slot>;
  /**
   * Carries out what the fields of a slot ask for, when the panel's own Save is pressed. The panel saves
   * its own part only after `saved: true`; otherwise it shows its page again with the slot given.
   * `fields` are the parsed fields of the page's form.
   */
  save(ctx: Context, request: SlotRequest, fields: Readonly<Record<string, unknown>>): Promise<SaveOutcome>;
  /** Entries for the panel's menu that this session may open. */
  menu(ctx: Context): readonly MenuEntry[];
  close(): Promise<void>;
}

export interface TwoFactorOptions extends Settings {
  readonly host: PanelHost;
}
