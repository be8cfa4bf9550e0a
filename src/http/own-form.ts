import type { Context } from 'koa';
import type { PanelSession } from '../core/account/account.js';
import { CSRF_FIELD, type CsrfPurpose, csrfMatches, isSameOrigin } from './csrf.js';
import { type Fields, field } from './forms.js';
import { PageError } from './page-error.js';
import type { Services } from './services.js';

/** Throws 403 unless a form was sent by a page of ours, made for this session and purpose. */
export function requireOwnForm(
  services: Services,
  ctx: Context,
  session: PanelSession,
  purpose: CsrfPurpose,
  fields: Fields,
): void {
  if (!isSameOrigin(ctx, services.publicOrigin)) throw new PageError(403, 'error.other-origin');
  if (!csrfMatches(services.keys, session, purpose, field(fields, CSRF_FIELD))) {
    throw new PageError(403, 'error.out-of-date');
  }
}
