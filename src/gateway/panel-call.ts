import type { Dispatcher } from 'undici';
import type { PanelAnswer, PanelCall } from '../hosts/gateway-host.js';
import { asUpstreamError } from './upstream-error.js';

export interface PanelCallAnswer extends PanelAnswer {
  readonly body: Buffer;
}

/**
 * Asks the panel something for ourselves, past the gate. Rejects with a `PageError` when there is no answer, and when
 * there is one of more than a megabyte.
 */
export type CallPanel = (call: PanelCall) => Promise<PanelCallAnswer>;

const LARGEST = 1_048_576;

export function callerOf(upstream: Dispatcher): CallPanel {
  return async ({ target, headers }) => {
    const answer = await upstream
      .request({ method: 'GET', path: target, headers })
      .catch((error: unknown) => {
        throw asUpstreamError(error);
      });
    const parts: Buffer[] = [];
    let size = 0;
    for await (const part of answer.body) {
      size += (part as Buffer).length;
      // Leaving the loop destroys the body, and with it the connection.
      if (size > LARGEST) throw new Error(`The panel's answer to us is larger than ${LARGEST} bytes`);
      parts.push(part as Buffer);
    }
    return { status: answer.statusCode, headers: answer.headers, body: Buffer.concat(parts) };
  };
}
