import type { Context } from 'koa';
import { addressBucket, canonicalAddress } from './address.js';
import type { Services } from './services.js';
import type { RefusedVisitor } from './visitor.js';

/** Ends a session that is refused, and shows the panel's login page with the reason. */
export async function turnAway(
  { host, refusedSessions }: Services,
  ctx: Context,
  { session, because }: RefusedVisitor,
): Promise<void> {
  const from = { address: canonicalAddress(ctx.ip), client: addressBucket(ctx.ip) };
  await refusedSessions.record(session, from);
  await host.endSession(ctx, session);
  host.sendTo(ctx, host.loginPath(because));
}
