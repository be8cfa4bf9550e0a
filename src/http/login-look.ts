import type { Context } from 'koa';
import type { LoginLook } from '../hosts/panel-host.js';
import type { Services } from './services.js';

const OWN_LOOK: LoginLook = { styleSheets: [] };

/** How a page between the password and the panel looks: better without the panel's look than not at all. */
export async function loginLook({ host }: Services, ctx: Context): Promise<LoginLook> {
  try {
    return (await host.loginLook?.(ctx)) ?? OWN_LOOK;
  } catch (error) {
    ctx.app.emit('error', error, ctx);
    return OWN_LOOK;
  }
}
