import { createHash } from 'node:crypto';
import { type AccountKey, keyText, type PanelSession } from './account.js';

/** The name under which a short-lived store keeps something of a session; reading the store reveals no session id. */
export function storeId(session: PanelSession, account: AccountKey, ...more: string[]): string {
  return createHash('sha256')
    .update(JSON.stringify([session.id, session.start, keyText(account), ...more]))
    .digest('base64url');
}
