export type { Account, AccountKey, PanelSession, Realm, Role } from './core/account.js';
export type { AccountDirectory, AccountPage } from './core/ports.js';
export type { Admission, FramedPage, Identity, LoginNotice, PanelHost } from './hosts/panel-host.js';
export type { SaveOutcome, Slot, SlotRequest } from './http/slot.js';
export { createTwoFactor, type MenuEntry, type TwoFactor, type TwoFactorOptions } from './plugin.js';
export type { Settings } from './settings.js';
