import type { ServerResponse } from 'node:http';
import { type Answer, redirect, send, webServerError } from './answer.js';
import type { PanelDatabase } from './database.js';
import { foreignPage } from './foreign-pages.js';
import { overrides, suspicion } from './guards.js';
import { prepareSession } from './login.js';
import { headerOf, type PanelRequest } from './request.js';
import { type Route, routeOf } from './routes.js';
import { PhpSession } from './session.js';
import { staticFile } from './static.js';
import { type Mail, type PanelSettings, userOf, type Visit } from './visit.js';

/** The header that marks every answer to somebody logged in: what nobody may get without a code. */
export const INSIDE = 'x-stand-in-inside';

/** What all requests share. */
export interface Serving {
  readonly database: PanelDatabase;
  readonly settings: Readonly<PanelSettings>;
  readonly keepsSessions: () => boolean;
  readonly mails: Mail[];
}

/** Answers a request as web server and PHP do together. */
export async function serve(
  serving: Serving,
  request: PanelRequest,
  response: ServerResponse,
): Promise<void> {
  const foreign = foreignPage(request);
  if (foreign) return respond(request, response, foreign, true);
  const route = request.path === undefined ? undefined : routeOf(request.path);
  if (!['GET', 'HEAD', 'POST'].includes(request.method))
    return respond(request, response, webServerError(405, 'Not Allowed'), false);
  if (!route) return respond(request, response, fromWebServer(request), false);
  const dead = overrides(request);
  if (dead) return respond(request, response, dead, true);
  if (route.kind === 'sessionless') {
    const visit = visitOf(
      serving,
      request,
      await PhpSession.open(serving.database, sessions(serving), 'none'),
    );
    return respond(request, response, await route.page(visit), true);
  }
  const session = await PhpSession.open(serving.database, sessions(serving), request.sessionId);
  const visit = visitOf(serving, request, session);
  const answer = await run(route, visit);
  const marked = userOf(visit) ? { ...answer, headers: { ...answer.headers, [INSIDE]: 'yes' } } : answer;
  prepareSession(visit);
  await session.close();
  const secure = serving.settings.https
    ? session.setCookie?.replace('path=/;', 'path=/; secure;')
    : undefined;
  respond(request, response, marked, true, secure ?? session.setCookie);
}

async function run(route: Route, visit: Visit): Promise<Answer> {
  return suspicion(visit.request, userOf(visit) !== undefined) ?? route.page(visit);
}

function visitOf(serving: Serving, request: PanelRequest, session: PhpSession): Visit {
  return {
    request,
    session,
    database: serving.database,
    settings: serving.settings,
    keepsSessions: serving.keepsSessions(),
    sendMail: (mail) => void serving.mails.push(mail),
  };
}

function sessions({ settings }: Serving) {
  return { regenerateId: settings.sessionRegenerateId, timeout: settings.sessionTimeout };
}

function fromWebServer({ path, headers }: PanelRequest): Answer {
  if (path === undefined) return webServerError(400, 'Bad Request');
  const file = staticFile(path);
  if (file) return file;
  const host = headers.find(([name]) => name === 'host')?.[1] ?? 'localhost';
  if (routeOf(`${path}/`)) return { ...redirect(`http://${host}${path}/`), status: 301 };
  return webServerError(404, 'Not Found');
}

function respond(
  request: PanelRequest,
  response: ServerResponse,
  answer: Answer,
  fromPhp: boolean,
  setCookie?: string,
): void {
  const acceptEncoding = headerOf(request, 'accept-encoding');
  send(response, answer, { fromPhp, setCookie, acceptEncoding, withBody: request.method !== 'HEAD' });
}
