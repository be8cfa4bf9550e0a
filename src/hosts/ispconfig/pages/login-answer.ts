import type { Context } from 'koa';
import { announcesBody } from '../../end-to-end.js';
import type { PanelAnswer } from '../../gateway-host.js';
import { SESSION_COOKIE } from '../sessions/session-cookie.js';
import type { Visit } from '../sessions/sessions.js';
import { isLoginPage } from './paths.js';

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
 * What the panel said to a login with a password. Its texts are translated, so only the redirect counts: to its
 * start page, or to a step of its own: a code, or a new password.
 */
export function loginResultOf(answer: PanelAnswer): 'right' | 'wrong' | undefined {
  if (answer.status === 302) {
    return /(?:^|\/)(?:index|otp|force_password_change)\.php$/.test(String(answer.headers.location))
      ? 'right'
      : 'wrong';
  }
  return answer.status === 200 ? 'wrong' : undefined;
}

/**
 * Did a login succeed without a cookie for a session of its own? Who is logged in already is sent to the start page by an
 * absolute path, and by another way when he becomes somebody else.
 */
export function keepsSessionOf(ctx: Context, answer: PanelAnswer): boolean {
  if (ctx.method !== 'POST' || !isLoginPage(ctx.path) || loginResultOf(answer) !== 'right') return false;
  const cookies = [answer.headers['set-cookie'] ?? []].flat();
  return (
    !String(answer.headers.location).startsWith('/') &&
    !cookies.some((cookie) => cookie.startsWith(`${SESSION_COOKIE}=`))
  );
}

/** Is this the answer to a failed login of somebody who has a session that is not logged in? */
export function keepsOwnSession(ctx: Context, visit: Visit, answer: PanelAnswer): boolean {
  return (
    ctx.method === 'POST' &&
    isLoginPage(ctx.path) &&
    visit.kind !== 'session' &&
    visit.cookie !== undefined &&
    loginResultOf(answer) !== 'right'
  );
}
