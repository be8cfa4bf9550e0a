import { randomBytes } from 'node:crypto';
import { textOf } from './fields.js';
import { arrayIn, type Visit } from './visit.js';

export interface Token {
  readonly id: string;
  readonly key: string;
}

/** A token of a form, kept in the session for an hour. */
export function newToken({ session }: Visit, form: string): Token {
  const token = { id: `${form}_${randomBytes(12).toString('hex')}`, key: randomBytes(20).toString('hex') };
  const until = Math.floor(Date.now() / 1000) + 3600;
  session.data._csrf = { ...arrayIn(session.data, '_csrf'), [token.id]: token.key };
  session.data._csrf_timeout = { ...arrayIn(session.data, '_csrf_timeout'), [token.id]: until };
  return token;
}

/** Whether the request brings one; forms may bring theirs again, what is `once` may not. */
export function isToken({ session, request }: Visit, once = false): boolean {
  const id = textOf(request.fields, '_csrf_id');
  const keys = arrayIn(session.data, '_csrf');
  const fresh = Number(arrayIn(session.data, '_csrf_timeout')[id] ?? 0) > Date.now() / 1000;
  const right = id !== '' && fresh && keys[id] === textOf(request.fields, '_csrf_key');
  if (right && once) delete keys[id];
  return right;
}

export function tokenFields({ id, key }: Token): string {
  return `<input type="hidden" name="_csrf_id" value="${id}"><input type="hidden" name="_csrf_key" value="${key}">`;
}
