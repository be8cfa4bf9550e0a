import type { Realm } from '../../../core/account/account.js';
import { partsOf } from '../people/people.js';
import { PhpReader, type Scalar } from './php-reader.js';
import { UnfitSession } from './unfit-session.js';

/** Who a session says it belongs to, copied at login: nothing of it may be believed before the live row was compared. */
export interface StoredUser {
  readonly realm: Realm;
  readonly id: string;
  readonly active: boolean;
  readonly typ: string;
  /** The modules it may open. */
  readonly modules: readonly string[];
  /** The groups whose records it may see. */
  readonly groups: readonly string[];
  readonly defaultGroup: string;
  /** `0` for nobody's. */
  readonly clientId: string;
  /** Of a mail user. */
  readonly email: string;
  /** The database's spelling; of a mail user what he has typed. */
  readonly name: string;
}

/** What matters of a session of the panel. */
export interface SessionData {
  readonly user: StoredUser | undefined;
  /** The theme of who is logged in: a name of a folder, if the panel wrote it. */
  readonly theme?: string;
  /** Who was logged in before the last "login as"; stale after the way back, so no proof of anything. */
  readonly formerUser: StoredUser | undefined;
  /** Whose password was right while a step of the panel's own waits; undefined when somebody is logged in. */
  readonly waiting: WaitingLogin | undefined;
}

export interface WaitingLogin {
  readonly user: StoredUser;
  /** The names of all that is set in the session beside `s_pending`; which of them is the step is not said here. */
  readonly beside: readonly string[];
}

/** Bytes of a session that are read. One that is used for hours has some 12 kB; the panel keeps every list filter, as long as it was typed. */
export const LONGEST_SESSION = 256 * 1024;

/**
 * Reads `sys_session.session_data`: PHP's `php` format, names and serialized values one after the other. Throws
 * `UnfitSession` for everything that the panel would not have written; `names` are those it has at the top.
 */
export function readSessionData(data: Buffer, names: ReadonlySet<string>): SessionData {
  if (data.length > LONGEST_SESSION)
    throw new UnfitSession('too-large', `A session of more than ${LONGEST_SESSION} bytes`);
  const reader = new PhpReader(data);
  const seen = new Set<string>();
  let user: StoredUser | undefined;
  let theme: string | undefined;
  let formerUser: StoredUser | undefined;
  let pendingUser: StoredUser | undefined;
  const set: string[] = [];
  let strange: string | undefined;
  while (!reader.atEnd) {
    const name = reader.variable();
    if (!names.has(name)) strange ??= name;
    if (seen.has(name)) throw new UnfitSession('key-twice', `A session with ${name} twice`);
    seen.add(name);
    if (name === 's') user = userOf(reader, (text) => (theme = text));
    else if (name === 's_old') formerUser = userOf(reader);
    else if (name === 's_pending') pendingUser = pendingUserOf(reader);
    else if (isSet(reader.scalar())) set.push(name);
  }
  const waiting = pendingUser && !user ? { user: pendingUser, beside: set } : undefined;
  // An add-on's own step opens nothing: it is told, and its session may live until its owner leaves.
  if (strange !== undefined && !waiting) {
    const text = `A session with ${JSON.stringify(strange)} at its top, which is not in sessionNames`;
    throw new UnfitSession('unknown-name', text);
  }
  return { user, formerUser, waiting, ...(user && theme !== undefined && { theme }) };
}

/** The language of a session in which nobody is logged in: the panel's own. Undefined for any other. */
export function anonymousLanguageIn(data: Buffer): string | undefined {
  const reader = new PhpReader(data);
  let language: Scalar | undefined;
  while (!reader.atEnd) {
    const name = reader.variable();
    if (name !== 's' || !reader.isArray) {
      reader.skip();
      continue;
    }
    reader.entries((key) => {
      if (key === 'user') language = null;
      if (key === 'language' && language === undefined) language = reader.scalar();
      else reader.skip();
    });
  }
  return typeof language === 'string' ? language : undefined;
}

/** What the panel puts into paths of files that it runs or shows. */
const PARTS_OF_PATHS: ReadonlySet<unknown> = new Set(['language', 'theme']);

function requirePartOfPath(name: string, value: Scalar | undefined): void {
  if (value === null || (typeof value === 'string' && /^(?:[\w-]+(?:\.[\w-]+)*)?$/.test(value))) return;
  throw wrong(`a ${name} that is no name of a file`);
}

function requireModule(fields: ReadonlyMap<string, Scalar | undefined>): void {
  requirePartOfPath('module', fields.get('name') ?? null);
}

/** The `user` of `s` or `s_old`, undefined when nobody is logged in there; `onTheme` is told the name of its theme. */
function userOf(reader: PhpReader, onTheme?: (theme: string) => void): StoredUser | undefined {
  let user: StoredUser | undefined;
  if (!reader.isArray) return nobody(reader);
  reader.entries((key) => {
    if (key === 'user') user = reader.isArray ? storedUser(fieldsOf(reader)) : nobody(reader);
    else if (PARTS_OF_PATHS.has(key)) {
      const name = reader.scalar();
      requirePartOfPath(String(key), name);
      if (key === 'theme' && typeof name === 'string') onTheme?.(name);
    } else if (key === 'module' && reader.isArray) requireModule(fieldsOf(reader));
    else reader.skip();
  });
  return user;
}

/** Undefined when nobody waits, which only null says. */
function pendingUserOf(reader: PhpReader): StoredUser | undefined {
  if (!reader.isArray) return nobody(reader);
  const user = userOf(reader);
  if (!user) throw wrong('a login of nobody that waits');
  return user;
}

/** An array counts as set, and so does everything but null and false. */
function isSet(value: Scalar | undefined): boolean {
  return value !== null && value !== false;
}

/** Only null is no user. */
function nobody(reader: PhpReader): undefined {
  if (reader.scalar() !== null) throw wrong('a user that is none');
}

function fieldsOf(reader: PhpReader): ReadonlyMap<string, Scalar | undefined> {
  const fields = new Map<string, Scalar | undefined>();
  reader.entries((key) => fields.set(String(key), reader.scalar()));
  return fields;
}

/** To PHP `true` equals any kind of user, so the types count: texts as the database gives them, and a mailbox has numbers too. */
function storedUser(fields: ReadonlyMap<string, Scalar | undefined>): StoredUser {
  const userid = idOf(fields, 'userid');
  for (const name of ['language', 'theme', 'app_theme', 'startmodule'])
    requirePartOfPath(name, fields.has(name) ? fields.get(name) : null);
  const mailuserId = fields.has('mailuser_id') ? idOf(fields, 'mailuser_id') : '0';
  if (userid !== '0' && mailuserId !== '0') throw wrong('a user and a mailbox at once');
  return {
    realm: userid === '0' ? 'mailuser' : 'user',
    id: userid === '0' ? mailuserId : userid,
    active: fields.get('active') === '1' || fields.get('active') === 1,
    typ: textOf(fields, 'typ'),
    modules: listOf(fields, 'modules'),
    groups: listOf(fields, 'groups'),
    defaultGroup: idOf(fields, 'default_group'),
    clientId: fields.has('client_id') ? idOf(fields, 'client_id') : '0',
    email: textOf(fields, 'email'),
    name: textOf(fields, 'username'),
  };
}

function idOf(fields: ReadonlyMap<string, Scalar | undefined>, name: string): string {
  const value = fields.get(name);
  const id = typeof value === 'number' ? String(value) : value;
  if (typeof id === 'string' && /^(0|[1-9]\d{0,9})$/.test(id)) return id;
  throw wrong(`a ${name} that is no number`);
}

function textOf(fields: ReadonlyMap<string, Scalar | undefined>, name: string): string {
  const value = fields.has(name) ? fields.get(name) : '';
  if (typeof value === 'string') return value;
  throw wrong(`a ${name} that is no text`);
}

function listOf(fields: ReadonlyMap<string, Scalar | undefined>, name: string): readonly string[] {
  return partsOf(textOf(fields, name));
}

function wrong(what: string): UnfitSession {
  return new UnfitSession('wrong-user', `A session with ${what}`);
}
