import type { Context } from 'koa';
import type { PanelSession } from '../core/account/account.js';
import { CSRF_FIELD, type CsrfPurpose, csrfMatches } from './csrf.js';
import { type Fields, field } from './forms.js';
import { PageError } from './page-error.js';
import { foreignPage } from './same-origin.js';
import type { Services } from './services.js';

/** Throws 403 unless a form was sent by a page of ours, made for this session and purpose. */
export function requireOwnForm(
  services: Services,
  ctx: Context,
  session: PanelSession,
  purpose: CsrfPurpose,
  fields: Fields,
): void {
  const foreign = foreignPage(ctx, services.origins);
  if (foreign) {
    const { kind, reason } = foreign;
    services.log.warn(
      { address: ctx.ip, path: ctx.path, reason },
      `panel-2fa: a form was refused: ${reason}`,
    );
    const text = kind === 'no-origin' ? 'error.no-origin' : 'error.other-origin';
    throw new PageError(403, text, { address: services.publicOrigin });
  }
  if (!csrfMatches(services.keys, session, purpose, field(fields, CSRF_FIELD))) {
    throw new PageError(403, 'error.out-of-date');
  }
}
