import type { Context } from 'koa';
import type { PanelAnswer } from '../gateway-host.js';
import { isLoginPage } from './paths.js';
import { hasBody } from './prepare.js';

/**
 * What the panel said to a login with a password. Its texts are translated, so only the redirect counts: to its
 * start page, or to its own second step.
 */
export function loginResultOf(ctx: Context, answer: PanelAnswer): 'right' | 'wrong' | undefined {
  if (ctx.method !== 'POST' || !isLoginPage(ctx.path) || !hasBody(ctx)) return undefined;
  if (answer.status === 302) {
    return /(?:^|\/)(?:index|otp)\.php$/.test(String(answer.headers.location)) ? 'right' : 'wrong';
  }
  return answer.status === 200 ? 'wrong' : undefined;
}
