import type { AccountKey } from '../core/account/account.js';

/** Which slot of which panel page. `form`: the id of the form that the page's Save button submits. */
export type SlotRequest =
  | OwnSlotRequest
  | { readonly slot: 'user-edit'; readonly form: string; readonly account: AccountKey };

/** The slot of one's own factor. */
export interface OwnSlotRequest {
  readonly slot: 'settings' | 'password';
  readonly form: string;
  /**
   * Where the panel has second factors of its own: the one that is on for this visitor now, by the panel's word for it.
   * Undefined when that cannot be told.
   */
  panelKind?(): Promise<string | undefined>;
}

/** A slot for a panel to place. */
export interface Slot {
  /** The block itself; it may stand inside the page's form. */
  readonly html: string;
  /** Forms of the slot's own buttons; to be placed outside every form, at the end of the body. */
  readonly forms: string;
}

/** What became of the page's Save, as far as two-factor authentication is concerned. */
export type SaveOutcome = { readonly saved: true } | { readonly saved: false; readonly slot: Slot };

/** An entry for the panel's menu. */
export interface MenuEntry {
  /** The part of the panel it belongs to: `system`, `tools`. */
  readonly section: string;
  /** Translated. */
  readonly label: string;
  readonly path: string;
}
