import assert from 'node:assert/strict';
import { test } from 'node:test';
import { inParallel, request, spellingsOf, tell } from '../../attacks/targets.js';
import type { WireReply, WireRequest } from '../../stand-in/wire.js';
import { accounts } from '../../support/ispconfig/accounts.js';
import { normalise } from '../../support/ispconfig/path.js';
import { routes } from '../../support/ispconfig/routes.js';
import { INSIDE } from '../../support/ispconfig/serve.js';
import { staticPaths } from '../../support/ispconfig/static.js';
import { exchange } from '../raw.js';
import { aliasesOf } from './aliases.js';
import { behindGateway } from './setup.js';

const { gateway, panel, person, go, heard, database } = await behindGateway();

const factor = await person(accounts.admin).enrol();
const other = await person(accounts.client1).enrol();

/** Cookies by state; a waiting and an expired session bring clearances too, which are worth nothing. */
const STATES = {
  anonymous: '',
  pending: await pendingCookies(),
  cleared: (await person(accounts.admin).enter(factor)).cookies.header,
  'cleared for somebody else': await borrowedCookies(),
  expired: await expiredCookies(),
} as const;
type State = keyof typeof STATES;
const OUTSIDE = (Object.keys(STATES) as State[]).filter((state) => state !== 'cleared');

async function pendingCookies(): Promise<string> {
  return (await person(accounts.admin).wait()).cookies.header;
}

/** The waiting session of the admin with the clearance of a client, as somebody has who knows both passwords. */
async function borrowedCookies(): Promise<string> {
  const client = await person(accounts.client1).enter(other);
  const somebody = await person(accounts.admin).wait();
  return `${somebody.cookies.header}; panel-2fa=${client.cookies.get('panel-2fa')}`;
}

async function expiredCookies(): Promise<string> {
  const somebody = await person(accounts.admin).enter(factor);
  await database.query('DELETE FROM sys_session WHERE session_id = ?', [somebody.sessionId]);
  return somebody.cookies.header;
}

const PUBLIC = ['/login/index.php', '/login/password_reset.php', '/keepalive.php', '/js/scrigo.js.php'];
const LOGOUT = '/login/logout.php';
const isApi = (path: string) => path === '/remote' || path.startsWith('/remote/');
const isStatic = (path: string) => /^\/(?:js|themes)\//.test(path) && !path.endsWith('.php');
const paths = [...routes.map(({ path }) => path), ...staticPaths, '/', '/login/'];

const STEPS = ['/login/otp.php', '/login/force_password_change.php'];

/** The decision table of the design, for a GET in the one right spelling: where it leads, or the panel. */
function decisionOf(state: State, path: string): string {
  if (isStatic(path)) return 'panel';
  if (isApi(path)) return '405';
  if (path === LOGOUT) return 'panel';
  const isPublic = PUBLIC.includes(path) || path === '/login/';
  // Whoever is inside has no step of the panel's before him.
  if (state === 'cleared') return STEPS.includes(path) ? '/index.php' : 'panel';
  if (state === 'anonymous' || state === 'expired') return isPublic ? 'panel' : '/login/';
  return '/2fa/login';
}

/** Nothing of the panel's inside, whatever the state of the answer. */
function assertNothing({ headers, body }: Pick<WireReply, 'headers' | 'body'>, what: string): void {
  assert.equal(headers[INSIDE], undefined, what);
  assert.doesNotMatch(body, /Logout admin|id="pageForm"|Welcome admin|\$6\$|_csrf_key/, what);
}

/** Logout would end what the others need. */
const withoutLogout = paths.filter((path) => path !== LOGOUT);

for (const state of Object.keys(STATES) as State[]) {
  const cookie = STATES[state];

  test(`A14 A21 ${state}: every route gives what the decision table says`, async () => {
    let fromPanel = 0;
    await inParallel(withoutLogout, async (path) => {
      const reply = await go(path, { cookie });
      const decision = decisionOf(state, path);
      const what = `${state} ${path}: ${reply.status} ${reply.location}`;
      if (decision === 'panel') {
        assert.ok(![303, 400, 403, 405, 502, 503].includes(reply.status), what);
        fromPanel += 1;
        if (state === 'cleared' && !isStatic(path)) return;
      } else if (decision === '405') assert.equal(reply.status, 405, what);
      else assert.deepEqual([reply.status, reply.location], [303, decision], what);
      assertNothing(reply, what);
    });
    assert.ok(fromPanel >= 7);
  });

  test(`A21 ${state}: in other spellings, over raw sockets, one normalised path decides and unknown is protected`, async () => {
    const own = `127.0.0.1:${gateway.port}`;
    const absolute = (path: string) => [
      `http://${own}${path}`,
      `HTTP://${own}${path}`,
      `http://evil.test${path}`,
    ];
    const targets = paths.flatMap((path) => [...aliasesOf(path), ...spellingsOf(path), ...absolute(path)]);
    assert.ok(targets.length > 2_000, String(targets.length));
    const requests = await heard(() =>
      inParallel([...new Set(targets)], async (target) => {
        const answer = await tell(gateway.port, request('GET', target, gateway.port, cookie));
        const what = `${state} ${target}: ${answer.status} ${answer.location}`;
        if (state === 'cleared') assert.ok(answer.status >= 200 && answer.status < 500, what);
        else {
          assert.ok([400, 404].includes(answer.status) || answer.location === gateOf(state), what);
          assertNothing(rawReply(answer.text), what);
        }
      }),
    );
    for (const { target } of requests) {
      assert.equal(normalise(target), target, 'what reaches the panel has one spelling');
      assert.ok(state === 'cleared' || isStatic(target), target);
    }
  });

  test(`A14 A21 ${state}: odd methods reach nothing, and neither does a GET with a body`, async () => {
    const calls = paths.flatMap((path): [string, WireRequest][] => [
      ...['PUT', 'DELETE', 'OPTIONS', 'PATCH', 'TRACE', 'PROPFIND'].map((method): [string, WireRequest] => [
        path,
        { method, cookie },
      ]),
      [path, { method: 'GET', cookie, body: 'a=b' }],
    ]);
    const requests = await heard(() =>
      inParallel(calls, async ([path, request]) => {
        const reply = await go(path, request);
        const what = `${state} ${request.method} ${path}: ${reply.status}`;
        assert.equal(reply.status, request.body === undefined ? 405 : 400, what);
        assertNothing(reply, what);
      }),
    );
    assert.deepEqual(requests, []);
  });
}

const gateOf = (state: State) => (['anonymous', 'expired'].includes(state) ? '/login/' : '/2fa/login');

/** As much of an answer as {@link assertNothing} looks at. */
function rawReply(text: string): Pick<WireReply, 'headers' | 'body'> {
  return { headers: text.toLowerCase().includes(INSIDE) ? { [INSIDE]: 'yes' } : {}, body: text };
}

for (const state of OUTSIDE) {
  const cookie = STATES[state];

  test(`A14 A21 ${state}: a POST, a HEAD and a fragment get as little as a GET`, async () => {
    const requests = await heard(() =>
      inParallel(withoutLogout, async (path) => {
        const isPublic = decisionOf(state, path) === 'panel';
        if (isApi(path) || isPublic) return;
        for (const request of [
          { cookie, fields: { id: '1' } },
          { cookie, method: 'HEAD' },
          { cookie, headers: { 'x-requested-with': 'XMLHttpRequest' } },
        ] satisfies WireRequest[]) {
          const reply = await go(path, request);
          assert.ok([200, 303].includes(reply.status), `${state} ${path}: ${reply.status}`);
          assertNothing(reply, path);
        }
      }),
    );
    assert.deepEqual(
      requests.map(({ target }) => target),
      [],
    );
  });

  test(`A14 A21 ${state}: HTTP/1.0 gets no more, with or without Host`, async () => {
    await inParallel(withoutLogout, async (path) => {
      for (const host of [[`Host: 127.0.0.1:${gateway.port}`], []]) {
        const lines = [`GET ${path} HTTP/1.0`, ...host, ...(cookie ? [`Cookie: ${cookie}`] : []), '', ''];
        const answer = await exchange(gateway.port, lines);
        assert.match(answer, /^HTTP\/1\.[01] (?:200|302|303|400|403|404|405) /, path);
        assertNothing(rawReply(answer), path);
        if (host.length === 0) assert.match(answer, /^HTTP\/1\.[01] 400 /, path);
      }
    });
  });
}

test('A14 the waiting session as Bearer, as Basic, in a query or a header gives nothing', async () => {
  const id = /ISPCSESS=([^;]*)/.exec(STATES.pending)?.[1] ?? '';
  const headers = [
    `Authorization: Bearer ${id}`,
    `Authorization: Basic ${btoa(`x:${id}`)}`,
    `Authorization: Basic ${btoa(`${accounts.admin.name}:${accounts.admin.password}`)}`,
    `X-Session: ${id}`,
    `Cookie2: ISPCSESS=${id}`,
  ];
  for (const path of ['/index.php', '/dashboard/dashboard.php', '/admin/users_list.php'])
    for (const header of headers)
      for (const query of ['', `?ISPCSESS=${id}&phpsessid=${id}`]) {
        const lines = request('GET', path + query, gateway.port, '', header);
        const answer = await tell(gateway.port, lines);
        assert.equal(answer.location, '/login/', header);
        assertNothing(rawReply(answer.text), header);
      }
});

test('the mark is real: the panel itself and a cleared session do get what is asked for here', async () => {
  const reply = await go('/dashboard/dashboard.php', { cookie: STATES.cleared });
  assert.equal(reply.headers[INSIDE], 'yes');
  assert.match(reply.body, /Welcome admin/);
  const [session] = STATES.pending.split('; ').filter((pair) => pair.startsWith('ISPCSESS='));
  const direct = await fetch(`${panel.url}/index.php`, { headers: { cookie: session ?? '' } });
  assert.equal(direct.headers.get(INSIDE), 'yes', 'what the gateway keeps away is there');
});

test("every state's own logout ends its session and nobody else's", async () => {
  for (const state of Object.keys(STATES) as State[]) {
    const reply = await go(LOGOUT, { cookie: STATES[state] });
    assert.deepEqual([reply.status, reply.body], [200, 'URL_REDIRECT:index.php'], state);
    assert.equal((await go('/index.php', { cookie: STATES[state] })).location, '/login/', state);
  }
});
