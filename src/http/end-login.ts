import type { Context } from 'koa';
import type { LoginNotice } from '../hosts/panel-host.js';
import type { Services } from './services.js';
import type { SessionVisitor } from './visitor.js';

/** Ends the panel session and shows the panel's login page, with the reason when it was not wished for. */
export async function endLogin(
  services: Services,
  ctx: Context,
  visitor: SessionVisitor,
  because?: LoginNotice,
): Promise<void> {
  const { host } = services;
  await host.endSession(ctx, visitor.session);
  host.sendTo(ctx, host.loginPath(because));
}
