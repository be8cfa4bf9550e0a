import { Pool } from 'undici';
import type { PanelAnswer } from '../hosts/gateway-host.js';
import type { PanelSigns } from '../hosts/panel-signs.js';
import { callerOf } from './panel-call.js';

/** Who answers at an origin; a gateway whose stores do not answer is `unwell`. */
export type Answerer = 'gateway' | 'unwell gateway' | 'panel' | 'somebody else' | 'nobody';

/** Who it is, with the headers of its first answer. */
export interface Answered {
  readonly who: Answerer;
  readonly headers: PanelAnswer['headers'];
}

const PATIENCE_MS = 3_000;

/** What tells a gateway from the panel behind it. */
export interface Signs extends Pick<PanelSigns<never>, 'page' | 'isPanel'> {
  /** The health page of the gateway, which no panel has. */
  readonly health: string;
}

/** Asks an origin, under the name `host`, who it is. Whose certificate it shows does not matter for that. */
export async function whoAnswers(origin: string, host: string, signs: Signs): Promise<Answered> {
  const pool = new Pool(origin, {
    connect: { rejectUnauthorized: false, timeout: PATIENCE_MS },
    headersTimeout: PATIENCE_MS,
    bodyTimeout: PATIENCE_MS,
  });
  const ask = (path: string) => callerOf(pool)({ target: path, headers: { host } });
  try {
    const { status, body, headers } = await ask(signs.health);
    if (status === 503) return { who: 'unwell gateway', headers };
    if (status === 200 && body.toString() === '{"status":"ok"}') return { who: 'gateway', headers };
    return { who: signs.isPanel(await ask(signs.page)) ? 'panel' : 'somebody else', headers };
  } catch {
    return { who: 'nobody', headers: {} };
  } finally {
    await pool.destroy();
  }
}
