import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { setTimeout as delay } from 'node:timers/promises';
import { freePort } from '../free-port.js';
import type { PanelDatabase } from './database.js';
import { type PanelRequest, readRequest } from './request.js';
import { serve } from './serve.js';
import type { Mail, PanelSettings } from './visit.js';

export interface PanelOptions extends Partial<PanelSettings> {
  readonly database: PanelDatabase;
  /** A port of 127.0.0.1, or the path of a unix socket; a free port without it. */
  readonly listen?: number | string;
}

/** How the panel misbehaves from now on. */
export interface Misbehaviour {
  /** Reads requests and never answers. */
  hangs: boolean;
  /** Answers so many milliseconds later. */
  slowness: number;
  /** Promises a long answer, sends a piece of it and closes the connection. */
  breaksOff: boolean;
  /** Logout answers as ever, and the session lives on. */
  keepsSessions: boolean;
  /** Takes this instead of the page, for the requests whose target contains the key. */
  readonly answers: Map<string, { status: number; body: string; headers?: Record<string, string> }>;
}

/** The stand-in for an ISPConfig panel, running. */
export interface IspconfigPanel {
  /** Its address as `upstream` of a gateway: `http://127.0.0.1:PORT` or `http+unix:PATH`. */
  readonly url: string;
  readonly database: PanelDatabase;
  /** May be changed at any time. */
  readonly settings: PanelSettings;
  readonly misbehaviour: Misbehaviour;
  /** Mails that it has sent, the newest last. */
  readonly mails: Mail[];
  /** Requests that have reached it, in the order in which their bodies were complete. */
  readonly requests: PanelRequest[];
  /** The names of all fields that have reached it in bodies and queries. */
  fieldNames(): string[];
  /** Ends it with all connections; `start` brings it back at the same place. */
  stop(): Promise<void>;
  start(): Promise<void>;
}

const defaults: PanelSettings = {
  sessionRegenerateId: true,
  sessionTimeout: 0,
  allowEndless: false,
  maintenance: false,
  passwordDays: 0,
  mailUsersOverdue: false,
  trustRealIp: false,
  realIpHeader: 'x-forwarded-for',
  https: false,
  language: 'en',
  theme: 'default',
  saveControl: 'button',
};

/**
 * Starts a panel on a database of {@link createPanelDatabase}:
 *
 *     const server = await startMariaDb();
 *     const database = await createPanelDatabase(server);
 *     const panel = await startIspconfig({ database, trustRealIp: true });
 *     // … a gateway with upstream `panel.url` and panel database `database.readOnlyUrl`
 *     assert.ok(!panel.fieldNames().includes('code'));
 */
export async function startIspconfig(options: PanelOptions): Promise<IspconfigPanel> {
  const { database, listen = await freePort(), ...given } = options;
  const settings: PanelSettings = { ...defaults, ...given };
  const misbehaviour: Misbehaviour = {
    hangs: false,
    slowness: 0,
    breaksOff: false,
    keepsSessions: false,
    answers: new Map(),
  };
  const mails: Mail[] = [];
  const requests: PanelRequest[] = [];
  const serving = { database, settings, mails, keepsSessions: () => misbehaviour.keepsSessions };

  const handle = async (message: IncomingMessage, response: ServerResponse) => {
    const request = await readRequest(message, settings);
    requests.push(request);
    if (misbehaviour.hangs) return;
    if (misbehaviour.slowness > 0) await delay(misbehaviour.slowness);
    if (misbehaviour.breaksOff) return breakOff(response);
    const other = [...misbehaviour.answers].find(([part]) => request.target.includes(part))?.[1];
    if (other) response.writeHead(other.status, other.headers).end(other.body);
    else await serve(serving, request, response);
  };
  const server = createServer((message, response) => {
    handle(message, response).catch((error: unknown) => {
      if (!message.destroyed) console.error(error);
      if (!response.headersSent) response.writeHead(500);
      response.end();
    });
  });
  const start = async () => {
    if (typeof listen === 'number') server.listen(listen, '127.0.0.1');
    else server.listen(listen);
    await once(server, 'listening');
  };
  await start();
  return {
    url: typeof listen === 'number' ? `http://127.0.0.1:${listen}` : `http+unix:${listen}`,
    database,
    settings,
    misbehaviour,
    mails,
    requests,
    fieldNames: () => [
      ...new Set(requests.flatMap(({ fields, query }) => [...Object.keys(fields), ...Object.keys(query)])),
    ],
    start,
    stop: async () => {
      const closed = once(server, 'close');
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
}

function breakOff(response: ServerResponse): void {
  response.writeHead(200, { 'content-type': 'text/html; charset=utf-8', 'content-length': '100000' });
  response.write('<div>'.padEnd(1_000), () => response.destroy());
}
