import type { Context } from 'koa';
import type { Services } from './services.js';

const NOBODY = { realm: 'user', id: '' } as const;

/** For load balancers: 200 when both stores answer; a store that does not is a 503 by the error pages. */
export async function showHealth(services: Services, ctx: Context): Promise<void> {
  await Promise.all([services.factors.find(NOBODY), services.pending.find('health')]);
  ctx.body = { status: 'ok' };
}

/** 200 when a login would work now: both stores take its writes and scripts, and the panel's clock can be read. */
export async function showReadiness({ readiness }: Services, ctx: Context): Promise<void> {
  const isReady = await readiness.isReady();
  ctx.status = isReady ? 200 : 503;
  ctx.set('Cache-Control', 'no-store');
  ctx.body = { status: isReady ? 'ready' : 'not ready' };
}
