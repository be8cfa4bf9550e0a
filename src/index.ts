export type { Account, AccountKey, PanelSession, Realm, Role } from './core/account.js';
export type { Log } from './core/log.js';
export { isOwnPath } from './core/own-path.js';
export type { AccountDirectory, AccountPage, RateLimiter } from './core/ports.js';
export {
  type KoaPanelPaths,
  type KoaSessionHostOptions,
  type KoaSessionStore,
  koaSessionHost,
} from './hosts/koa-session.js';
export type { Admission, FramedPage, Identity, LoginNotice, PanelHost } from './hosts/panel-host.js';
export type { MenuEntry, SaveOutcome, Slot, SlotRequest } from './hosts/slot.js';
export { addressBucket, canonicalAddress } from './http/address.js';
export { securityHeaders } from './http/headers.js';
export { PageError } from './http/page-error.js';
export { createTwoFactor, type TwoFactorOptions } from './plugin.js';
export type { Settings } from './settings.js';
export type { TwoFactor } from './two-factor.js';
