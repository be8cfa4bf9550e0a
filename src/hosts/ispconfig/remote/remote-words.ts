import type { Context } from 'koa';
import type { LoginResult, UpstreamRefusal } from '../../gateway-host.js';
import { jsonFault } from './json-call.js';
import type { PasswordCall } from './password-call.js';
import { isSoap } from './remote-target.js';
import { soapFault, soapNothing } from './soap-words.js';

type Answer = NonNullable<UpstreamRefusal['answer']>;

const WRONG = {
  login: { code: 'client_login_failed', message: 'The login failed. Username or password wrong.' },
  client_login_get: { code: 'login_failed', message: 'Login failed.' },
} as const;

/** What the panel says without a word about the password, or after it was right. */
const NEITHER =
  /maintenance|limit|too many|empty|not allowed from|blocked|may not use|permission|session|invalid|does not exist/i;
/** In an answer that is none of the protocol: PHP may write something before it. */
const WRONG_ANYWHERE = /login failed/i;

const REASONS: Readonly<Record<number, string>> = {
  400: 'The call could not be read.',
  408: 'The call came too slowly.',
  413: 'The call is too large.',
  429: 'Too many failed logins or calls. Try again in a minute.',
  503: 'The API is not available at the moment. Try again later.',
};

/** A fault in the protocol of the caller. */
export function faultFor(ctx: Context, message: string, code = 'remote_fault'): Answer {
  if (!isSoap(ctx.path)) return { type: 'application/json; charset="utf-8"', body: jsonFault(message) };
  return { type: soapType(ctx), body: soapFault(isSoap12(ctx), code, message) };
}

/** Why a call was refused, by the status of the answer. */
export function reasonFor(status: number): string {
  return REASONS[status] ?? (status < 500 ? 'The call was refused.' : 'The panel does not answer.');
}

/** A fault that the panel itself would give: PHP's SOAP server gives it the status 500. */
export function panelFault(ctx: Context, reason: string, message: string, code?: string): UpstreamRefusal {
  return {
    kind: 'refused',
    status: isSoap(ctx.path) ? 500 : 200,
    reason,
    answer: faultFor(ctx, message, code),
  };
}

/** What the panel says to a wrong password of one of its users; it has no fault for a wrong e-mail address. */
export function wrongPassword(ctx: Context, { method, username }: PasswordCall): UpstreamRefusal {
  const reason = 'a wrong password of the API';
  const { code, message } = WRONG[method];
  if (method === 'login' || !username.includes('@')) return panelFault(ctx, reason, message, code);
  const answer = isSoap(ctx.path)
    ? { type: soapType(ctx), body: soapNothing(isSoap12(ctx), method) }
    : { type: 'application/json; charset="utf-8"', body: '{"code":"ok","message":"","response":null}' };
  return { kind: 'refused', status: 200, reason, answer };
}

/** What the panel has said to a login. A fault that is not known counts as a wrong password. */
export function saidTo(ctx: Context, body: string): LoginResult {
  const fault = isSoap(ctx.path) ? soapFaultIn(body) : jsonFaultIn(body);
  if (fault === undefined) return 'right';
  return fault === null || NEITHER.test(fault) ? 'neither' : 'wrong';
}

/** The message of a fault; null when something else than the API has answered, undefined when the login was right. */
function jsonFaultIn(body: string): string | null | undefined {
  try {
    const { code, message, response } = JSON.parse(body) as Record<string, unknown>;
    return code === 'ok' && response ? undefined : String(message);
  } catch {
    return unreadable(body);
  }
}

function soapFaultIn(body: string): string | null | undefined {
  const fault = /<(?:faultstring|env:Text)\b[^>]*>([^<]*)</.exec(body)?.[1];
  if (fault !== undefined) return fault;
  if (/\bnil="true"/.test(body)) return '';
  return /Response\b/.test(body) ? undefined : unreadable(body);
}

function unreadable(body: string): string | null {
  return WRONG_ANYWHERE.test(body) ? body : null;
}

function isSoap12(ctx: Context): boolean {
  return /^\s*application\/soap\+xml\b/i.test(ctx.get('Content-Type'));
}

function soapType(ctx: Context): string {
  return isSoap12(ctx) ? 'application/soap+xml; charset=utf-8' : 'text/xml; charset=utf-8';
}
