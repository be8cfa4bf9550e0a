import assert from 'node:assert/strict';
import { test } from 'node:test';
import { tokenIn } from './own-pages.js';
import type { Site } from './site.js';
import { startCountedSites } from './sites.js';
import { type Answer, inParallel, request, tell } from './targets.js';

/** What other programs stumble over; as it is, and as a form writes it. */
const ODD = [
  '\r\nX-Injected: yes',
  '\rX-Injected: yes',
  '\nSet-Cookie: injected=1',
  '\0',
  '=',
  '==&username=admin',
  '{"$gt":""}',
  '["admin"]',
  '{"__proto__":{"role":"admin"}}',
  '__proto__',
  'constructor',
  "' OR '1'='1",
  '%0d%0aX-Injected:%20yes',
  '%00',
  '\xff\xfe',
];
const FORM = 'Content-Type: application/x-www-form-urlencoded';
const INSIDE = /Logout client1|id="pageForm"|Welcome <bdi>client1|settings-form/;

for (const site of await startCountedSites()) {
  const { port, loginForm } = site;
  const factor = await site.person('client1').enrol();
  const cleared = await site.person('client1').enter(factor);
  assert.match((await cleared.get(cleared.home)).body, INSIDE);
  const pending = await site.person('client1').wait();
  const cookie = `Cookie: ${pending.cookies.header}`;
  const { login, session: cookieName } = cleared.ways;
  let visitors = 0;

  /** Whoever sends it, from an address of his own where the panel looks at it. */
  const sendOnce = (
    method: string,
    path: string,
    headers: readonly string[],
    body?: string,
  ): Promise<Answer> => {
    visitors += 1;
    const from = `X-Forwarded-For: 203.0.${visitors >> 8}.${visitors & 255}`;
    const length = body === undefined ? [] : [`Content-Length: ${Buffer.byteLength(body, 'latin1')}`];
    return tell(port, request(method, path, port, '', from, ...headers, ...length), body);
  };

  /** On a busy machine a store may be late once; what an odd text breaks stays broken. */
  async function send(...sent: Parameters<typeof sendOnce>): Promise<Answer> {
    let answer = await sendOnce(...sent);
    for (let more = 1; more <= 4 && answer.status === 503; more += 1) answer = await sendOnce(...sent);
    return answer;
  }

  /** It opened nothing, broke nothing, and nothing of it became a header. */
  async function assertHarmless(answer: Answer, what: string): Promise<void> {
    const [head = ''] = answer.text.split('\r\n\r\n');
    assert.ok(answer.status >= 200 && answer.status < 500, `${what}: ${answer.text.slice(0, 300)}`);
    assert.doesNotMatch(head, /^(x-injected|set-cookie: injected)/im, what);
    assert.ok(!INSIDE.test(answer.text), what);
    const [, given] = new RegExp(`^set-cookie: (${cookieName}=[^;]+)`, 'im').exec(head) ?? [];
    if (!given) return;
    const { status, text } = await send('GET', cleared.home, [`Cookie: ${given}`]);
    assert.ok(status >= 300 && status < 400, `${what}: ${status}`);
    assert.ok(!INSIDE.test(text), what);
  }

  /** Nothing was counted, used, changed or ended. */
  async function unchanged(act: () => Promise<void>): Promise<void> {
    const before = await rows(site);
    await act();
    assert.ok((await rows(site)) === before, 'the factors are as they were');
    assert.equal(await cleared.isInside(), true, 'who was inside is inside');
    assert.equal((await pending.get(pending.home)).location, '/2fa/login', 'who was waiting is waiting');
    assert.equal((await pending.get('/2fa/health')).body, '{"status":"ok"}');
  }

  test(`A15 ${site.name}: odd user names, passwords and fields log nobody in and change nothing`, async () => {
    const { name: user, password } = cleared.account;
    const form = (fields: Record<string, string>) => new URLSearchParams(fields).toString();
    const bodies = ODD.flatMap((odd) => [
      form({ username: user + odd, password }),
      form({ username: odd + user, password }),
      form({ username: odd, password: odd }),
      form({ username: user, password: password + odd }),
      `username=${user}${odd}&password=${password}`,
      `username=${user}&${odd}&password=x`,
      `${form({ [odd]: 'x', [`username[${odd}]`]: user })}&password=${password}`,
    ]);
    const names = [
      `username[]=${user}&password[]=${password}`,
      `__proto__[username]=${user}&__proto__[password]=${password}`,
      `constructor[prototype][username]=${user}&password=${password}`,
      `username[__proto__]=${user}&password=x`,
      '',
      '&',
      '=',
    ];
    await unchanged(() =>
      inParallel([...bodies, ...names], async (body) =>
        assertHarmless(await send('POST', loginForm, [FORM], body), JSON.stringify(body)),
      ),
    );
    const json = JSON.stringify({ username: user, password, __proto__: { role: 'admin' } });
    await unchanged(async () => {
      for (const type of ['application/json', 'text/plain', 'application/x-www-form-urlencoded'])
        await assertHarmless(await send('POST', loginForm, [`Content-Type: ${type}`], json), type);
    });
  });

  test(`A15 ${site.name}: odd headers, cookies and queries open nothing and change nothing`, async () => {
    const session = `${cookieName}=${cleared.cookies.get(cookieName)}`;
    const headers = ODD.flatMap((odd) => [
      [`X-Odd: ${odd}`],
      [`X-Odd${odd}: x`],
      [`Accept-Language: ${odd}`],
      [`Origin: ${odd}`],
      [`User-Agent: ${odd}`],
      [`X-Forwarded-Host: ${odd}`],
      [`Authorization: Basic ${odd}`],
    ]);
    // A line of its own is a header of its own, and leaves the cookie as it was.
    const inLine = ODD.filter((odd) => !/[\r\n]/.test(odd));
    const cookies = inLine.flatMap((odd) => [
      [`Cookie: ${cookieName}=${odd}`],
      [`Cookie: ${session}${odd}`],
      [`Cookie: panel-2fa=${odd}; ${session}`],
      [`Cookie: ${odd}=1; ${session}; ${odd}`],
      [`Cookie: ${session}; panel-2fa=${cleared.cookies.get('panel-2fa')}${odd}`],
    ]);
    await unchanged(async () => {
      await inParallel(headers, async (lines) =>
        assertHarmless(await send('GET', cleared.home, [cookie, ...lines]), JSON.stringify(lines)),
      );
      const queries = ODD.map((odd) => encodeURIComponent(odd)).flatMap((odd) => [
        `${login}?twofa=${odd}`,
        `${login}?notice=${odd}&next=${odd}`,
        `${login}?${odd}=1&__proto__[x]=1`,
      ]);
      await inParallel(queries, async (path) => assertHarmless(await send('GET', path, []), path));
    });
    // A session whose cookie is odd may be ended, so the cookies are of sessions that nobody needs any more.
    await inParallel(cookies, async (lines) => {
      const { text } = await send('GET', cleared.home, lines);
      assert.ok(!INSIDE.test(text), JSON.stringify(lines));
    });
  });

  test(`A15 ${site.name}: odd codes and tokens are no codes and no tokens`, async () => {
    const somebody = await site.person('client1').wait();
    const page = await somebody.get('/2fa/login');
    const token = tokenIn(page);
    const { recoveryCode } = factor;
    const before = await site.countsOf('client1');
    for (const odd of ODD) {
      const reply = await somebody.post('/2fa/login', { twofa_csrf: token + odd, code: recoveryCode });
      assert.equal(reply.status, 403, JSON.stringify(odd));
    }
    assert.deepEqual(await site.countsOf('client1'), before);
    for (const odd of ['\0', '=', '{"$gt":""}', '__proto__'])
      assert.equal(
        (await somebody.submit(page, { code: recoveryCode + odd })).status,
        422,
        JSON.stringify(odd),
      );
    const after = await site.countsOf('client1');
    assert.deepEqual([after.failures, after.used], [before.failures, before.used]);
  });
}

/** The factors as they are. */
async function rows(site: Site): Promise<string> {
  return JSON.stringify(await site.sql('SELECT * FROM twofa_user_secret'));
}
