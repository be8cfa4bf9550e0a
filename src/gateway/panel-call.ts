import type { Dispatcher } from 'undici';
import { asUpstreamError } from './upstream-error.js';

export interface PanelCallRequest {
  readonly method: 'GET' | 'POST';
  /** Path and query. */
  readonly target: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string | Buffer;
}

export interface PanelCallAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: Buffer;
}

/**
 * Asks the panel something for ourselves. Rejects with a `PageError` when there is no answer, and when there is one of
 * more than a megabyte.
 */
export type PanelCall = (request: PanelCallRequest) => Promise<PanelCallAnswer>;

const LARGEST = 1_048_576;

export function panelCall(upstream: Dispatcher): PanelCall {
  return async ({ method, target, headers, body }) => {
    const answer = await upstream
      .request({ method, path: target, headers, body: body ?? null })
      .catch((error: unknown) => {
        throw asUpstreamError(error);
      });
    const parts: Buffer[] = [];
    let size = 0;
    for await (const part of answer.body) {
      size += (part as Buffer).length;
      // Leaving the loop destroys the body, and with it the connection.
      if (size > LARGEST) throw new Error(`The panel's answer to ${method} is larger than ${LARGEST} bytes`);
      parts.push(part as Buffer);
    }
    return { status: answer.statusCode, headers: answer.headers, body: Buffer.concat(parts) };
  };
}
