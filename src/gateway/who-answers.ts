import { Pool } from 'undici';
import type { PanelSigns } from '../hosts/panel-signs.js';
import { callerOf } from './panel-call.js';

/** Who answers at an origin; a gateway whose stores do not answer is `unwell`. */
export type Answerer = 'gateway' | 'unwell gateway' | 'panel' | 'somebody else' | 'nobody';

const PATIENCE_MS = 3_000;

/** What tells a gateway from the panel behind it. */
export interface Signs extends Pick<PanelSigns<never>, 'page' | 'isPanel'> {
  /** The health page of the gateway, which no panel has. */
  readonly health: string;
}

/** Asks an origin, under the name `host`, who it is. Whose certificate it shows does not matter for that. */
export async function whoAnswers(origin: string, host: string, signs: Signs): Promise<Answerer> {
  const pool = new Pool(origin, {
    connect: { rejectUnauthorized: false, timeout: PATIENCE_MS },
    headersTimeout: PATIENCE_MS,
    bodyTimeout: PATIENCE_MS,
  });
  const ask = (path: string) => callerOf(pool)({ target: path, headers: { host } });
  try {
    const { status, body } = await ask(signs.health);
    if (status === 503) return 'unwell gateway';
    if (status === 200 && body.toString() === '{"status":"ok"}') return 'gateway';
    return signs.isPanel(await ask(signs.page)) ? 'panel' : 'somebody else';
  } catch {
    return 'nobody';
  } finally {
    await pool.destroy();
  }
}
