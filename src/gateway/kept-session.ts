import type { Context } from 'koa';
import type { GatewayHost, PanelAnswer } from '../hosts/gateway-host.js';
import { type Log, PageError } from '../index.js';

/** Told the head of the panel's answer. */
export type OnAnswer = (answer: PanelAnswer) => void;

/**
 * Sends a request to the panel and refuses an answer that lets somebody in under an id that others may know: the session
 * is ended, the log says so, and the user reads whom to ask.
 */
export async function refuseKeptSession(
  { host, log }: { host: GatewayHost; log: Pick<Log, 'error'> },
  ctx: Context,
  send: (onAnswer: OnAnswer) => Promise<void>,
  onAnswer: OnAnswer,
): Promise<void> {
  let kept = false;
  try {
    await send((answer) => {
      onAnswer(answer);
      kept = host.keepsSession?.(ctx, answer) ?? false;
      if (kept) throw new PageError(502, 'error.kept-session');
    });
  } finally {
    if (kept) {
      const event = 'panel-login.kept-session';
      log.error({ event, address: ctx.ip }, `panel-2fa: ${event}: the panel opens no new session at a login`);
      const identity = await host.identify(ctx, 'again');
      if (identity.kind === 'session') await host.endSession(ctx, identity.session);
    }
  }
}
