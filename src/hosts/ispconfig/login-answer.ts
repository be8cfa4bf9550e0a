import type { Context } from 'koa';
import type { PanelAnswer } from '../gateway-host.js';
import { isLoginPage } from './paths.js';
import { hasBody } from './prepare.js';

/** Any body that is sent to the login page is a login to the panel. */
export function isLogin(ctx: Context): boolean {
  return ctx.method === 'POST' && isLoginPage(ctx.path) && hasBody(ctx);
}

/**
 * What the panel said to a login with a password. Its texts are translated, so only the redirect counts: to its
 * start page, or to its own second step.
 */
export function loginResultOf(answer: PanelAnswer): 'right' | 'wrong' | undefined {
  if (answer.status === 302) {
    return /(?:^|\/)(?:index|otp)\.php$/.test(String(answer.headers.location)) ? 'right' : 'wrong';
  }
  return answer.status === 200 ? 'wrong' : undefined;
}
