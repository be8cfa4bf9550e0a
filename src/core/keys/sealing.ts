import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import { type AccountKey, keyText } from '../account/account.js';
import type { KeyRing } from './key-ring.js';

const IV_BYTES = 12;
const TAG_BYTES = 16;

/** What a sealed secret is for; a secret sealed for one does not open as the other. */
export type SealPurpose = 'factor' | 'enrolment' | 'act';

/** A sealed secret that does not open: its key is missing, or it was changed or moved to another account. */
export class UnsealError extends Error {
  override readonly name = 'UnsealError';
}

/**
 * Seals secrets with AES-256-GCM (NIST SP 800-38D). The text is `<key id>.<base64url of iv, ciphertext, tag>`;
 * purpose, realm and id are authenticated with it, and `more`, which ties it to one place of several.
 */
export class Sealer {
  readonly #keys: KeyRing;

  constructor(keys: KeyRing) {
    this.#keys = keys;
  }

  seal(purpose: SealPurpose, account: AccountKey, secret: Uint8Array, ...more: string[]): string {
    const iv = randomBytes(IV_BYTES);
    const cipher = createCipheriv('aes-256-gcm', this.#keys.active('sealing'), iv);
    cipher.setAAD(aad(purpose, account, more));
    const sealed = Buffer.concat([iv, cipher.update(secret), cipher.final(), cipher.getAuthTag()]);
    return `${this.#keys.activeId}.${sealed.toString('base64url')}`;
  }

  /** Is the key there that a text was sealed with? */
  hasKeyOf(text: string): boolean {
    return this.#keys.has(sealingKeyId(text));
  }

  /** Throws {@link UnsealError} when the text was not sealed for this purpose and account by a key of the ring. */
  open(purpose: SealPurpose, account: AccountKey, text: string, ...more: string[]): Buffer {
    const keyId = sealingKeyId(text);
    const body = text.slice(keyId.length + 1);
    const key = this.#keys.find('sealing', keyId);
    if (!key)
      throw new UnsealError(`No key "${keyId}" in the key ring to open the secret of ${keyText(account)}`);
    const sealed = Buffer.from(body, 'base64url');
    if (sealed.length <= IV_BYTES + TAG_BYTES)
      throw new UnsealError(`The secret of ${keyText(account)} is cut off`);
    const decipher = createDecipheriv('aes-256-gcm', key, sealed.subarray(0, IV_BYTES), {
      authTagLength: TAG_BYTES,
    });
    decipher.setAAD(aad(purpose, account, more));
    decipher.setAuthTag(sealed.subarray(-TAG_BYTES));
    try {
      return Buffer.concat([decipher.update(sealed.subarray(IV_BYTES, -TAG_BYTES)), decipher.final()]);
    } catch (cause) {
      throw new UnsealError(`The secret of ${keyText(account)} cannot be opened: changed or moved`, {
        cause,
      });
    }
  }
}

/** The id of the key that a text was sealed with. */
export function sealingKeyId(text: string): string {
  return text.split('.', 1)[0] ?? '';
}

function aad(purpose: SealPurpose, account: AccountKey, more: readonly string[]): Buffer {
  return Buffer.from(JSON.stringify(['panel-2fa', purpose, account.realm, account.id, ...more]));
}
