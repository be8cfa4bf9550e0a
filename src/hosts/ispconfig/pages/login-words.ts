import type { DefaultTreeAdapterTypes as Tree } from 'parse5';
import { attribute, hasClass, Markup } from './markup.js';

/** The longest name and password, as the panel's messages name them: it looked at neither. */
const LENGTHS = ['64', '256'];
/** Minutes of its own lock: it looked at no password. */
const LOCK = '15';
/** "Blocked" in the languages of the panel, which says so to the right password only. */
const BLOCKED = /bl(?:oc|ok|oq)|gesperrt|estetty|engellen|заблокирован|μπλοκαρ|\u963b\u6b62|\u62d2\u5426/iu;

/**
 * What the panel says to a login on its login page, in any of its languages. A message that is not known says `wrong`.
 * A page without a message says nothing about the password, and neither does the notice of the maintenance, which stands
 * before every message then.
 */
export function saidOn(html: string): 'wrong' | 'neither' {
  const page = new Markup(html, 'document');
  const message = messageOn(page).toLowerCase();
  const numbers: readonly string[] = message.match(/\d+/g) ?? [];
  if (message === '' || LENGTHS.some((length) => numbers.includes(length))) return 'neither';
  // An operator's own words for a wrong password may well speak of a lock, but hardly without the password.
  if (message.includes(passwordLabel(page))) return 'wrong';
  return numbers.includes(LOCK) || BLOCKED.test(message) ? 'neither' : 'wrong';
}

/** The panel makes the box itself; what is around it is the theme's. */
function messageOn(page: Markup): string {
  const box =
    page.find((element) => hasClass(element, 'box_error')) ??
    page.find((element) => hasClass(element, 'alert') || attribute(element, 'role') === 'alert');
  return box ? textOf(box).trim() : '';
}

/** All text but the strong one, which is the notice of the maintenance. */
function textOf(element: Tree.Element): string {
  return element.childNodes
    .map((node) => {
      if ('value' in node) return node.value;
      return 'tagName' in node && node.tagName !== 'strong' ? textOf(node) : '';
    })
    .join(' ');
}

/** What the page calls a password, in its language; a text that no message has where it does not say. */
function passwordLabel(page: Markup): string {
  const field = page.find((element) => attribute(element, 'type') === 'password');
  return (field && attribute(field, 'placeholder')?.toLowerCase()) || '\0';
}
