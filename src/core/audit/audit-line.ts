import { type AccountKey, keyText, sameAccount } from '../account/account.js';
import type { AuditEvent } from './audit.js';

/** Line breaks and other controls, marks that turn the direction of writing, halves of characters. */
const UNPRINTABLE = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/gu;

/**
 * An event as one line for people and for fail2ban. The address stands in front of everything that a client may have
 * chosen, and names are quoted, so no name can pretend to be another address or another line.
 */
export function auditLine({ action, actor, account, accountName, address, reason }: AuditEvent): string {
  const by = sameAccount(actor, account) ? '' : ` by ${who(actor)}`;
  const why = reason === undefined ? '' : `: ${printable(reason)}`;
  return `${action} from ${safeAddress(address)} for ${who(account)} ${quoted(accountName)}${by}${why}`;
}

/** The same for programs, in the order in which the filter for fail2ban reads them. */
export function auditFields({ action, actor, account, accountName, address, reason }: AuditEvent): object {
  return {
    event: action,
    address: safeAddress(address),
    account: keyText(account),
    name: accountName,
    actor: keyText(actor),
    ...(reason !== undefined && { reason }),
  };
}

/** Text in quotes on one line, with nothing in it that a terminal or a filter could take for something else. */
export function quoted(text: string): string {
  return printable(JSON.stringify(text));
}

/** Text on one line, with nothing in it that moves the cursor or turns the direction of writing. */
export function printable(text: string): string {
  return text.replace(UNPRINTABLE, (found) =>
    [...Array(found.length).keys()]
      .map((index) => `\\u${found.charCodeAt(index).toString(16).padStart(4, '0')}`)
      .join(''),
  );
}

/** Anything that is not an address is left out. */
export function safeAddress(address: string): string {
  return /^[0-9a-f:.]{2,45}$/i.test(address) ? address : 'unknown';
}

function who(key: AccountKey): string {
  return printable(keyText(key)).replaceAll(' ', '_');
}
