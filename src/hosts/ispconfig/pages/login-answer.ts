import type { Context } from 'koa';
import { announcesBody } from '../../end-to-end.js';
import type { LoginResult, PanelAnswer } from '../../gateway-host.js';
import { SESSION_COOKIE } from '../sessions/session-cookie.js';
import type { Visit } from '../sessions/sessions.js';
import { FORCED_PASSWORD_PATH, isLoginPage, OTP_PATH } from './paths.js';
import { HOME_PATH } from './way.js';

/** Where the panel sends whose password was right. */
const AFTER_PASSWORD = ['/', HOME_PATH, OTP_PATH, FORCED_PASSWORD_PATH];

/** Any body that is posted to the login page is a login, unless somebody is logged in already. */
export function isLoginOf(ctx: Context, visit: Visit): boolean {
  return (
    ctx.method === 'POST' &&
    isLoginPage(ctx.path) &&
    announcesBody(ctx.req.headers) &&
    visit.kind !== 'session'
  );
}

/**
 * What the head of the panel's answer says about the password. A right one is sent on, to the start page or to a step
 * of the panel's own; undefined: its page says it.
 */
export function loginResultOf(ctx: Context, answer: PanelAnswer): LoginResult | undefined {
  if (answer.status === 200) return undefined;
  return isRedirect(answer) && AFTER_PASSWORD.includes(targetOf(ctx, answer)) ? 'right' : 'neither';
}

function isRedirect({ status, headers }: PanelAnswer): boolean {
  return status >= 300 && status < 400 && headers.location !== undefined;
}

/** The path that a redirect leads to, empty when that cannot be read. */
function targetOf(ctx: Context, { headers }: PanelAnswer): string {
  const base = `http://panel${ctx.path}`;
  const location = String(headers.location);
  return URL.canParse(location, base) ? new URL(location, base).pathname : '';
}

/**
 * Did a login succeed without a cookie for a session of its own? Who is logged in already is sent to the start page by an
 * absolute path, and by another way when he becomes somebody else.
 */
export function keepsSessionOf(ctx: Context, answer: PanelAnswer): boolean {
  if (ctx.method !== 'POST' || !isLoginPage(ctx.path) || loginResultOf(ctx, answer) !== 'right') return false;
  const cookies = [answer.headers['set-cookie'] ?? []].flat();
  return (
    !String(answer.headers.location).startsWith('/') &&
    !cookies.some((cookie) => cookie.startsWith(`${SESSION_COOKIE}=`))
  );
}

/** Does this answer let nobody in, with somebody's session that is not logged in? */
export function keepsOwnSession(ctx: Context, visit: Visit, answer: PanelAnswer): boolean {
  return (
    ctx.method === 'POST' &&
    isLoginPage(ctx.path) &&
    visit.kind !== 'session' &&
    visit.cookie !== undefined &&
    !isRedirect(answer)
  );
}
