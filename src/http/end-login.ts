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
  const { host, acts } = services;
  if (because && isOurForm(ctx)) await acts.sayFarewell({ path: ctx.path, fields: formOf(ctx) }, because);
  await host.endSession(ctx, visitor.session);
  host.sendTo(ctx, host.loginPath(because));
}

/** Nobody is logged in: the panel's login page, with the reason when this very form has ended its session before. */
export async function toLogin({ host, acts }: Services, ctx: Context): Promise<void> {
  const form = { path: ctx.path, fields: formOf(ctx) };
  // The way to the login needs no store.
  const because = isOurForm(ctx) ? await acts.farewellTo(form).catch(() => undefined) : undefined;
  host.sendTo(ctx, host.loginPath(because as LoginNotice | undefined));
}

function isOurForm(ctx: Context): boolean {
  return typeof formOf(ctx)[CSRF_FIELD] === 'string';
}
