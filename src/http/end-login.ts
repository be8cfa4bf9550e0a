import type { Context } from 'koa';
import type { LoginNotice } from '../hosts/panel-host.js';
import { CSRF_FIELD } from './csrf.js';
import { formOf } from './forms.js';
import type { Services } from './services.js';
import type { KnownVisitor } from './visitor.js';

/** Ends the panel session and shows the panel's login page, with the reason when it was not wished for. */
export async function endLogin(
  services: Services,
  ctx: Context,
  visitor: KnownVisitor,
  because?: LoginNotice,
): Promise<void> {
  const { host, acts, clearanceCookie } = services;
  if (isOurForm(ctx)) await acts.sayFarewell({ path: ctx.path, fields: formOf(ctx) }, because);
  await host.endSession(ctx, visitor.session);
  clearanceCookie.remove(ctx);
  host.sendTo(ctx, host.loginPath(because));
}

/** Nobody is logged in: the panel's login page, and why for a form that was sent by somebody who was. */
export async function toLogin(services: Services, ctx: Context): Promise<void> {
  const { host } = services;
  host.sendTo(ctx, host.loginPath(isOurForm(ctx) ? await endOf(services, ctx) : undefined));
}

/** Why there is no session for this form: it may have ended it itself, when it came before. */
async function endOf({ acts }: Services, ctx: Context): Promise<LoginNotice | undefined> {
  const form = { path: ctx.path, fields: formOf(ctx) };
  // The way to the login needs no store.
  const farewell = await acts.farewellTo(form).catch(() => undefined);
  return farewell ? (farewell.because as LoginNotice | undefined) : 'ended';
}

function isOurForm(ctx: Context): boolean {
  return typeof formOf(ctx)[CSRF_FIELD] === 'string';
}
