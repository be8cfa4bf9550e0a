import type { Factor } from '../core/codes/factor.js';
import type { OpenedLogin, TooManyLogins } from '../core/login/login.js';
import { PageError } from './page-error.js';
import type { Services } from './services.js';
import type { KnownVisitor } from './visitor.js';

/** The pending login of this session, opened if need be; throws 429 when the account has opened too many. */
export async function openLogin(
  { login }: Services,
  visitor: KnownVisitor,
  factor: Factor,
  returnTo?: string,
): Promise<Exclude<OpenedLogin, TooManyLogins>> {
  const opened = await login.open(visitor, factor, returnTo);
  if (opened.kind !== 'too-many-logins') return opened;
  const { retryAfterSeconds } = opened;
  throw new PageError(429, 'error.too-many-open-logins', { retryAfterSeconds });
}
