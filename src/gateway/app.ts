import Koa from 'koa';
import type { Logger } from 'pino';
import type { GatewayHost } from '../hosts/gateway-host.js';
import type { TwoFactor } from '../index.js';
import type { ClientAddresses } from './client-address.js';
import { framing } from './framing.js';
import { type OnAnswer, refuseKeptSession } from './kept-session.js';
import { errorLog, requestLog } from './log.js';
import { machineErrors } from './machine-errors.js';
import type { PanelLogins } from './panel-logins.js';
import type { Preparation } from './prepare.js';
import type { PanelProxy } from './proxy.js';
import { limitUnfinishedBodies } from './unfinished-bodies.js';

export interface AppParts {
  readonly addresses: ClientAddresses;
  readonly host: GatewayHost;
  readonly twoFactor: TwoFactor;
  readonly preparation: Preparation;
  readonly logins: PanelLogins;
  readonly proxy: PanelProxy;
  readonly log: Logger;
}

/** The way of a request through the gateway, in its order. */
export function gatewayApp({ addresses, host, twoFactor, preparation, logins, proxy, log }: AppParts): Koa {
  const app = new Koa();
  app.on('error', errorLog(log));
  app.use((ctx, next) => {
    ctx.request.ip = addresses.of(ctx.req);
    return next();
  });
  app.use(requestLog(log));
  app.use(twoFactor.errorPages);
  app.use(machineErrors(host));
  app.use(framing(host, (ctx, fault) => log.warn({ address: ctx.ip, path: ctx.path, ...fault }, 'refused')));
  app.use(limitUnfinishedBodies());
  app.use(preparation.middleware);
  app.use(twoFactor.middleware);
  app.use(async (ctx) => {
    const request = preparation.of(ctx);
    const asker = await twoFactor.askerOf(ctx);
    const send = (onAnswer: OnAnswer) => proxy.forward(ctx, request, asker, onAnswer);
    return logins.pass(ctx, (onAnswer) => refuseKeptSession({ host, log }, ctx, send, onAnswer));
  });
  return app;
}
