import { domainToASCII } from 'node:url';
import type { PanelDatabase, Row } from './database.js';
import type { PhpArray } from './php-session.js';

/** Whom a name means, and the password that is stored for him. */
export interface Found {
  readonly stored: string;
  /** As the session will hold it. */
  readonly user: PhpArray;
}

/** Letters beyond ASCII are encoded as in a domain before the name is judged; empty where that is impossible. */
export function encodeName(typed: string): string {
  if (typed.split(/[@.]/).some((label) => label.length > 63)) return '';
  return typed
    .split('@')
    .map((part) => (Buffer.byteLength(part) > part.length ? domainToASCII(part) : part))
    .join('@');
}

/** A line's end may follow, as PHP's `$` lets it. */
export function isAllowedName(name: string): boolean {
  return /^[\w.\-_@]{1,128}\n?$/.test(name);
}

/** A name with `@` is a mailbox and never a user; letter case does not count. */
export async function findByName(database: PanelDatabase, typed: string): Promise<Found | undefined> {
  if (!typed.includes('@')) {
    const row = await database.first('SELECT * FROM sys_user WHERE username = ?', [typed]);
    return row && { stored: String(row.passwort), user: panelUser(row) };
  }
  const row = await database.first(
    `SELECT mail_user.*, language FROM mail_user LEFT JOIN sys_user ON default_group = mail_user.sys_groupid
     WHERE login = ? OR email = ? ORDER BY mailuser_id`,
    [typed, encodeName(typed)],
  );
  return row && { stored: String(row.password), user: mailUser(row, typed) };
}

/** The whole row, all texts, the stored password too. */
function panelUser(row: Row): PhpArray {
  return Object.fromEntries(
    Object.entries(row).map(([name, value]) => [name, value === null ? null : String(value)]),
  );
}

/** A user made up for a mailbox: numbers are numbers, and the name is what was typed. */
function mailUser(row: Row, typed: string): PhpArray {
  return {
    userid: 0,
    active: 1,
    startmodule: 'mailuser',
    modules: 'mailuser',
    typ: 'user',
    email: String(row.email),
    username: typed,
    language: String(row.language ?? 'en'),
    mailuser_id: String(row.mailuser_id),
    default_group: String(row.sys_groupid),
  };
}
