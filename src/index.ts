export type { Account, AccountKey, PanelSession, Realm, Role } from './core/account/account.js';
export type { AccountDirectory, AccountPage } from './core/account/directory.js';
export type { OpeningProofs } from './core/account/opening-proofs.js';
export { type Asker, Lane, type LaneBounds, type Place } from './core/base/lane.js';
export { type Bucket, type RateLimiter, refundEach, spendEach } from './core/base/limiter.js';
export type { Log } from './core/base/log.js';
export { queryParameter } from './core/base/query.js';
export { isOwnPath } from './core/gate/own-path.js';
export { type AccountQuery, type AccountSearch, searchAccounts } from './hosts/account-search.js';
export {
  type KoaPanelPaths,
  type KoaSessionHostOptions,
  type KoaSessionStore,
  koaSessionHost,
} from './hosts/koa-session.js';
export type { Admission, FramedPage, Identity, LoginNotice, PanelHost } from './hosts/panel-host.js';
export type { MenuEntry, SaveOutcome, Slot, SlotRequest } from './hosts/slot.js';
export {
  addressBucket,
  addressNetwork,
  canonicalAddress,
  readAddress,
  rememberAddress,
} from './http/address.js';
export { clientIsGone } from './http/client-gone.js';
export { securityHeaders } from './http/headers.js';
export { BODY_WITHHELD, beforeCut } from './http/held-body.js';
export { PageError } from './http/page-error.js';
export { type ForeignPage, foreignPage } from './http/same-origin.js';
export { createTwoFactor, type TwoFactorOptions } from './plugin/plugin.js';
export type { Settings } from './plugin/settings.js';
export type { TwoFactor } from './plugin/two-factor.js';
