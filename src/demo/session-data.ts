import { randomBytes } from 'node:crypto';
import type { Context } from 'koa';
import type { Realm } from '../index.js';

/** What the panel keeps in a session. */
export interface SessionData {
  readonly realm: Realm;
  readonly id: number;
  /** Milliseconds since 1970 of the moment the password was right. */
  readonly start: number;
  /** The token that every form of this session carries. */
  readonly csrf: string;
  /** After "login as": the user whose password opened the session. */
  readonly formerId?: number;
}

/** The session of a request, undefined when nobody is logged in. */
export function sessionOf(ctx: Context): SessionData | undefined {
  return ctx.session?.csrf === undefined ? undefined : ctx.session;
}

export function newToken(): string {
  return randomBytes(24).toString('base64url');
}

/** What a store gave, when it is a session as a login writes it. */
export function asSessionData(stored: unknown): SessionData | undefined {
  const { realm, id, start, csrf, formerId } = (stored ?? {}) as Partial<SessionData>;
  const isSession =
    (realm === 'user' || realm === 'mailuser') &&
    Number.isSafeInteger(id) &&
    Number.isSafeInteger(start) &&
    typeof csrf === 'string' &&
    (formerId === undefined || (realm === 'user' && Number.isSafeInteger(formerId)));
  return isSession ? (stored as SessionData) : undefined;
}

/** `realm:id` of the account whose password opened the session. */
export function ownerOf({ realm, id, formerId }: SessionData): string {
  return `${realm}:${formerId ?? id}`;
}
