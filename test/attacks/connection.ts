import { once } from 'node:events';
import { Agent, type IncomingMessage, request } from 'node:http';
import type { Person } from '../gateway/ispconfig/person.js';

/** What came back, and whether by the connection that was there before. */
export interface Told {
  readonly status: number;
  readonly location: string;
  readonly body: string;
  readonly reused: boolean;
}

/** One connection that stays open, whatever is asked on it. */
export class Connection {
  readonly #url: string;
  readonly #agent = new Agent({ keepAlive: true, maxSockets: 1 });

  constructor(url: string) {
    this.#url = url;
  }

  /** Asks with the cookies that this browser has now; fields make it a form. */
  async ask({ cookies, origin }: Person, path: string, fields?: Record<string, string>): Promise<Told> {
    const type = { 'content-type': 'application/x-www-form-urlencoded', origin };
    const sent = request(new URL(path, this.#url), {
      agent: this.#agent,
      method: fields ? 'POST' : 'GET',
      headers: { cookie: cookies.header, ...(fields && type) },
    });
    sent.end(fields && new URLSearchParams(fields).toString());
    const [message] = (await once(sent, 'response')) as [IncomingMessage];
    const chunks: Buffer[] = [];
    for await (const chunk of message) chunks.push(chunk as Buffer);
    return {
      status: message.statusCode ?? 0,
      location: message.headers.location ?? '',
      body: Buffer.concat(chunks).toString(),
      reused: sent.reusedSocket,
    };
  }

  close(): void {
    this.#agent.destroy();
  }
}
