import { createHmac, timingSafeEqual } from 'node:crypto';
import { type AccountKey, keyText, type PanelSession, REALMS } from '../account/account.js';
import type { Opener, OpeningProofs } from '../account/opening-proofs.js';
import type { KeyRing } from '../keys/key-ring.js';

const TOKEN = /^([0-9a-f]{8})\.(user|mailuser)\.([1-9]\d{0,9})\.([A-Za-z0-9_-]{43})$/;

/**
 * The proof that an account was itself in a panel session before anybody else, carried in a cookie: HMAC-SHA256 over session
 * id, session start and account. For hosts whose sessions say who was there before "login as", which is no proof. It opens nothing.
 */
export class Openings implements OpeningProofs {
  readonly #keys: KeyRing;

  constructor(keys: KeyRing) {
    this.#keys = keys;
  }

  /** `<key id>.<realm>.<id>.<mac>` */
  issue(session: Pick<PanelSession, 'id' | 'start'>, account: AccountKey): string {
    const mac = sign(this.#keys.active('opening'), session, account).toString('base64url');
    return `${this.#keys.activeId}.${account.realm}.${account.id}.${mac}`;
  }

  openerOf(value: string | undefined, session: Pick<PanelSession, 'id' | 'start'>): Opener | undefined {
    const [, keyId = '', realmText, id = '', mac = ''] = (value && TOKEN.exec(value)) || [];
    const realm = REALMS.find((name) => name === realmText);
    const key = realm && this.#keys.find('opening', keyId);
    if (!key) return undefined;
    const given = Buffer.from(mac, 'base64url');
    // Base64url has several spellings of the same bytes; only the canonical one is ours.
    if (given.toString('base64url') !== mac) return undefined;
    const account = { realm, id };
    if (!timingSafeEqual(given, sign(key, session, account))) return undefined;
    return { key: account, isCurrent: keyId === this.#keys.activeId };
  }
}

function sign(key: Buffer, session: Pick<PanelSession, 'id' | 'start'>, account: AccountKey): Buffer {
  const text = JSON.stringify([session.id, session.start, keyText(account)]);
  return createHmac('sha256', key).update(text).digest();
}
