import assert from 'node:assert/strict';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { Member } from '../support/client-journey.js';
import { Demo } from '../support/demo.js';
import { admin, client1 } from '../support/demo-people.js';
import { openSqlite } from './sqlite.js';
import { type Answer, inParallel, request, spellingsOf, tell } from './targets.js';

const demo = await Demo.start();
const alive = setInterval(() => undefined, 1_000);
after(async () => {
  clearInterval(alive);
  await demo.stop();
});

/** Every page of the panel that an admin may open, with a text that nobody else gets to see. */
const PAGES: Readonly<Record<string, RegExp>> = {
  '/': /Welcome <bdi>admin/,
  '/tools/user_settings': /id="settings-form"/,
  '/admin/users': /client2/,
  '/admin/users/3': /client1/,
  '/2fa/settings': /recovery codes left/,
  '/2fa/accounts': /mbox@example\.test/,
  '/2fa/accounts/user/3': /client1/,
};
/** Pages of others, and what is only posted to. */
const OTHERS = ['/mailuser/overview', '/mailuser/password', '/login_as/4', '/login_as/return', '/unknown'];
const PATHS = [...Object.keys(PAGES), ...OTHERS];
const INSIDE = /Welcome |settings-form|client[12]|mbox@|recovery codes left|name="csrf"|reseller1/;

const owner = new Member(demo.url, admin);
await owner.logIn();
const { phone } = await owner.enrol();
const other = new Member(demo.url, client1);
await other.logIn();
await other.enrol();

const waiting = () => new Member(demo.url, admin);
const STATES = {
  anonymous: '',
  pending: await pending(),
  cleared: owner.cookies.header,
  'cleared for somebody else': `${await pending()}; panel-2fa=${other.cookies.get('panel-2fa')}`,
  expired: await expired(),
  'a clearance alone': `panel-2fa=${owner.cookies.get('panel-2fa')}`,
} as const;
type State = keyof typeof STATES;
const OUTSIDE = (Object.keys(STATES) as State[]).filter((state) => state !== 'cleared');

async function pending(): Promise<string> {
  const member = waiting();
  assert.equal((await member.logIn()).path, '/2fa/login');
  return member.cookies.header;
}

/** A session that was cleared, as its panel has let it run out. */
async function expired(): Promise<string> {
  const member = waiting();
  await member.logIn();
  assert.equal((await member.enterCode(await phone.next())).location, '/');
  assert.equal((await member.get('/')).status, 200);
  const panelSql = await openSqlite(join(demo.data, 'panel.sqlite'));
  const id = member.cookies.get('demo-panel') ?? '';
  await panelSql('UPDATE panel_session SET expires_at = ? WHERE id = ?', [Date.now() - 1, id]);
  return member.cookies.header;
}

const gateOf = (state: State) =>
  state === 'pending' || state === 'cleared for somebody else' ? /^\/2fa\/login$/ : /^\/login(\?|$)/;

function assertNothing(answer: Answer, what: string): void {
  assert.doesNotMatch(answer.text, INSIDE, what);
  assert.ok(answer.status < 500, what);
}

/** To the gate's page and nowhere else. */
function assertGated(state: State, answer: Answer, what: string): void {
  assertNothing(answer, what);
  assert.equal(answer.status, 303, what);
  assert.match(answer.location, gateOf(state), what);
}

test('the marks are real: a cleared session gets every page', async () => {
  for (const [path, mark] of Object.entries(PAGES)) {
    const answer = await tell(demo.port, request('GET', path, demo.port, STATES.cleared));
    assert.equal(answer.status, 200, path);
    assert.match(answer.text, mark);
    assert.match(answer.text, INSIDE);
  }
});

for (const state of OUTSIDE) {
  const cookie = STATES[state];
  const send = (method: string, target: string, ...more: string[]) =>
    tell(demo.port, request(method, target, demo.port, cookie, ...more));

  test(`A14 A21 bypass, ${state}: every route leads to the gate, by GET, HEAD, POST and in absolute form`, async () => {
    await inParallel(PATHS, async (path) => {
      const own = path.startsWith('/2fa/');
      for (const target of [
        path,
        `${path}?next=/login`,
        `http://127.0.0.1:${demo.port}${path}`,
        `http://x${path}`,
      ])
        for (const method of ['GET', 'HEAD'])
          assertGated(state, await send(method, target), `${state} ${method} ${target}`);
      const answer = await send('POST', path, 'Content-Length: 0');
      // A form of our own without its type or its token is refused whoever sends it.
      if (own) assertNothing(answer, `${state} POST ${path}`);
      else assertGated(state, answer, `${state} POST ${path}`);
    });
  });

  test(`A14 A21 bypass, ${state}: no other spelling leads past the gate`, async () => {
    const targets = [...PATHS, '/login', '/logout', '/assets/panel.css'].flatMap(spellingsOf);
    assert.ok(targets.length > 400, String(targets.length));
    await inParallel(targets, async (target) => {
      const answer = await send('GET', target);
      const what = `${state} ${target}: ${answer.status} ${answer.location}`;
      assertNothing(answer, what);
      assert.ok([303, 400, 404, 405].includes(answer.status), what);
      if (answer.status === 303) assert.match(answer.location, gateOf(state), what);
    });
  });

  test(`A14 A21 bypass, ${state}: odd methods, versions and hosts lead past nothing`, async () => {
    await inParallel(PATHS, async (path) => {
      for (const method of [
        'PUT',
        'DELETE',
        'OPTIONS',
        'PATCH',
        'TRACE',
        'PROPFIND',
        'CONNECT',
        'get',
        'FOO',
      ])
        assertNothing(await send(method, path), `${state} ${method} ${path}`);
      const cookies = cookie ? [`Cookie: ${cookie}`] : [];
      for (const lines of [
        [`GET ${path} HTTP/1.0`, ...cookies],
        [`GET ${path} HTTP/1.0`, `Host: 127.0.0.1:${demo.port}`, ...cookies],
        [`GET ${path} HTTP/1.1`, 'Host: evil.test', 'Connection: close', ...cookies],
        [`GET ${path} HTTP/1.1`, `Host: localhost:${demo.port}`, 'Connection: close', ...cookies],
        request('GET', path, demo.port, cookie, 'Upgrade: websocket', 'Connection: Upgrade'),
      ])
        assertNothing(await tell(demo.port, lines), `${state} ${lines.join(' | ')}`);
    });
  });

  test(`A14 A21 bypass, ${state}: headers that rewrite or vouch are not believed`, async () => {
    const vouching = ['X-Original-URL: /tools/user_settings', 'X-Rewrite-URL: /tools/user_settings'];
    const names = ['X-Forwarded-Uri: /login', 'X-Forwarded-Prefix: /assets', 'X-HTTP-Method-Override: GET'];
    const people = ['X-Remote-User: admin', 'Remote-User: admin', 'X-Forwarded-User: admin'];
    const basic = `Authorization: Basic ${btoa(`${admin.name}:${admin.password}`)}`;
    const bearer = `Authorization: Bearer ${/demo-panel=([^;]*)/.exec(cookie)?.[1] ?? 'x'}`;
    for (const header of [...vouching, ...names, ...people, basic, bearer, 'X-Twofa-Slot: x'])
      for (const path of ['/tools/user_settings', '/2fa/settings'])
        assertGated(state, await send('GET', path, header), `${state} ${path} ${header}`);
    for (const header of vouching) assertNothing(await send('GET', '/login', header), header);
  });
}

test('A21 cleared: another spelling of a page is no page, or the gate of nobody', async () => {
  const targets = PATHS.flatMap(spellingsOf);
  await inParallel(targets, async (target) => {
    const { status, text } = await tell(demo.port, request('GET', target, demo.port, STATES.cleared));
    assert.ok([303, 400, 404, 405].includes(status), `${target}: ${status}`);
    assert.doesNotMatch(text, /settings-form|mbox@/, target);
  });
});

test('A43 bypass: what a connection has shown before counts for nothing; each request is judged by itself', async () => {
  const first = ['GET /tools/user_settings HTTP/1.1', `Host: 127.0.0.1:${demo.port}`];
  const lines = [
    ...first,
    `Cookie: ${STATES.cleared}`,
    '',
    ...request('GET', '/', demo.port, STATES.pending),
  ];
  const { text } = await tell(demo.port, lines);
  const answers = text.split(/(?=HTTP\/1\.1 \d{3} )/);
  assert.equal(answers.length, 2, text);
  const [inside = '', outside = ''] = answers;
  assert.match(inside, /settings-form/);
  assert.match(outside, /^HTTP\/1\.1 303 /);
  assert.doesNotMatch(outside, INSIDE);
});
