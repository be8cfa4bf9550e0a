import { MalformedData, PhpReader } from './php-reader.js';

/** Who a session says it belongs to: a copy of the row at login, so only the ids may be believed. */
export interface SessionUser {
  /** `sys_user.userid`; `0` for a mail user. */
  readonly userid: string;
  readonly mailuserId: string | undefined;
  readonly active: boolean;
  /** The modules this session may open, without spaces. */
  readonly modules: readonly string[];
}

/** What matters of a session of the panel. */
export interface SessionData {
  readonly user: SessionUser | undefined;
  /** Who was logged in before the last "login as"; stale after the way back, so no proof of anything. */
  readonly formerUser: SessionUser | undefined;
  /** Does the panel's own second step (a code by e-mail) wait? */
  readonly pending: boolean;
}

const LONGEST = 4 * 1024 * 1024;

/**
 * Reads `sys_session.session_data`: PHP's `php` format, names and serialized values one after the other. Throws
 * `MalformedData` for everything that PHP would not have written.
 */
export function readSessionData(data: Buffer): SessionData {
  if (data.length > LONGEST) throw new MalformedData(`A session of ${data.length} bytes`);
  const reader = new PhpReader(data);
  const seen = new Set<string>();
  let user: SessionUser | undefined;
  let formerUser: SessionUser | undefined;
  let pending = false;
  while (!reader.atEnd) {
    const name = reader.variable();
    if (seen.has(name)) throw new MalformedData(`A session with ${name} twice`);
    seen.add(name);
    if (name === 's') user = userOf(reader);
    else if (name === 's_old') formerUser = userOf(reader);
    else if (name === 'otp') pending = reader.scalar() !== null;
    else reader.skip();
  }
  return { user, formerUser, pending: pending && !user };
}

/** The `user` of `s` or `s_old`, undefined when nobody is logged in there. */
function userOf(reader: PhpReader): SessionUser | undefined {
  let user: SessionUser | undefined;
  if (isNull(reader)) return undefined;
  reader.entries((key) => {
    if (key === 'user') user = isNull(reader) ? undefined : userFields(reader);
    else reader.skip();
  });
  return user;
}

function userFields(reader: PhpReader): SessionUser {
  const fields = new Map<string, string | null>();
  reader.entries((key) => {
    if (reader.next === 'R' || reader.next === 'r') throw new MalformedData('A session with a reference');
    const value = reader.scalar();
    if (value !== undefined) fields.set(key, value);
  });
  return {
    userid: idOf(fields.get('userid')) ?? '0',
    mailuserId: idOf(fields.get('mailuser_id')),
    active: fields.get('active') === '1',
    modules: (fields.get('modules') ?? '').split(',').filter((name) => name !== ''),
  };
}

function isNull(reader: PhpReader): boolean {
  return reader.next === 'N' && reader.scalar() === null;
}

function idOf(text: string | null | undefined): string | undefined {
  if (text === null || text === undefined) return undefined;
  if (!/^(0|[1-9]\d{0,9})$/.test(text)) throw new MalformedData('A session with an id that is no number');
  return text;
}
