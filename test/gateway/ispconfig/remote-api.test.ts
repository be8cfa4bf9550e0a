import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import type { WireReply, WireRequest } from '../../stand-in/wire.js';
import { accounts } from '../../support/ispconfig/accounts.js';
import { exchange, RawClient } from '../raw.js';
import { type Behind, behindGateway } from './setup.js';

/** A caller whose logins are right: sessions of the API are bound to an address. */
const HOME = { 'x-forwarded-for': '198.51.100.1' };
let last = 0;
/** Somebody who has never failed. */
function somebody(): Record<string, string> {
  last += 1;
  return { 'x-forwarded-for': `203.0.${last >> 8}.${last & 255}` };
}

const setup = await behindGateway({ config: { trustedProxies: ['127.0.0.1'] } });
const { go, heard, panel, person, database, gateway } = setup;
const { client1, client2, client3, apiuser, mbox } = accounts;
await database.query("UPDATE client SET can_use_api = 'y' WHERE username <> 'client3'");
/** From before the factor: for half an hour it would be good. */
const outdated = await token(asClient(client1));
await person(client1).enrol();

const NEEDS_CODE = /This account needs two-factor authentication and may not use the API/;
const UNREADABLE = /could not be read/;
const ENVELOPE = 'http://schemas.xmlsoap.org/soap/envelope/';

interface Answer {
  readonly code: string;
  readonly message: string;
  readonly response: unknown;
}
type Site = Pick<Behind, 'go'>;

async function json(
  method: string,
  call: unknown,
  at: Site = setup,
  from: Record<string, string> = HOME,
): Promise<Answer> {
  const body = typeof call === 'string' ? call : JSON.stringify(call);
  const reply = await at.go(`/remote/json.php?${method}`, {
    body,
    headers: { 'content-type': 'application/json', ...from },
  });
  return JSON.parse(reply.body) as Answer;
}

const envelope = (inner: string) =>
  `<?xml version="1.0" encoding="UTF-8"?><S:Envelope xmlns:S="${ENVELOPE}" xmlns:n="urn:x" xmlns:xsd="http://www.w3.org/2001/XMLSchema" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"><S:Body>${inner}</S:Body></S:Envelope>`;
const soap = (inner: string, at: Site = setup, request: WireRequest = {}) =>
  at.go('/remote/index.php', {
    body: envelope(inner),
    ...request,
    headers: { 'content-type': 'text/xml; charset=utf-8', ...HOME, ...request.headers },
  });
const soapLogin = ({ name, password }: { name: string; password: string }, client = '') =>
  `<n:login><a>${name}</a><b>${password}</b><c>${client}</c></n:login>`;

function asClient({ name, password }: { name: string; password: string }) {
  return { username: name, password, client_login: true };
}
async function token(
  login: object = { username: apiuser.name, password: apiuser.password },
): Promise<string> {
  return String((await json('login', login)).response);
}

test('A27 API users and clients without 2FA log in, a client with 2FA does not, in JSON and SOAP', async () => {
  assert.match(await token(), /^t[0-9a-f]{40}$/);
  assert.equal((await json('login', asClient(client2))).code, 'ok');
  assert.match((await soap(soapLogin(apiuser))).body, /<return>t[0-9a-f]{40}</);
  assert.match((await soap(soapLogin(client2, '1'))).body, /<return>t[0-9a-f]{40}</);
  const requests = await heard(async () => {
    const refused = await json('login', asClient(client1));
    assert.deepEqual([refused.code, refused.response], ['remote_fault', false]);
    assert.match(refused.message, NEEDS_CODE);
    const fault = await soap(soapLogin(client1, '1'));
    assert.equal(fault.status, 500);
    assert.match(fault.body, NEEDS_CODE);
  });
  assert.deepEqual(requests, [], 'the panel never saw the password');
});

test('A52 before the right password nobody learns who has 2FA, nor who is there at all', async () => {
  const asked = new Map<string, string[]>();
  const ask = async (kind: string, act: () => Promise<unknown>) => {
    const answer = JSON.stringify(await act());
    asked.set(kind, [...(asked.get(kind) ?? []), answer]);
  };
  const session_id = await token();
  const wrong = (name: string) => ({ name, password: 'wrong' });
  const shown = ({ status, body, headers: { date, ...headers } }: Awaited<ReturnType<typeof go>>) => ({
    status,
    body,
    headers,
  });
  for (const name of [client1.name, client2.name, client3.name, 'admin', 'nobody', mbox.name]) {
    await ask('json', () => json('login', asClient(wrong(name)), setup, somebody()));
    await ask('soap', async () =>
      shown(await soap(soapLogin(wrong(name), '1'), setup, { headers: somebody() })),
    );
  }
  for (const username of [client1.name, client2.name, 'nobody'])
    await ask('third party', () =>
      json('client_login_get', { session_id, username, password: 'x' }, setup, somebody()),
    );
  for (const username of ['client1@example.org', 'client2@example.org', 'nobody@example.org'])
    await ask('e-mail', () =>
      json('client_login_get', { session_id, username, password: 'x' }, setup, somebody()),
    );
  for (const [kind, answers] of asked) assert.deepEqual([...new Set(answers)].slice(1), [], kind);
  assert.match(asked.get('json')?.[0] ?? '', /The login failed\. Username or password wrong\./);
});

test('A53 one limit for every door: API, login page and third party, in the protocol of the caller', async () => {
  const from = somebody();
  const guess = { username: client2.name, password: 'wrong' };
  const guesses = [
    () => json('login', { ...guess, client_login: true }, setup, from),
    () => json('login', { ...guess, username: apiuser.name }, setup, from),
    () => soap(soapLogin({ name: 'nobody', password: 'x' }, '1'), setup, { headers: from }),
    () => soap(soapLogin({ name: 'nobody', password: 'x' }), setup, { headers: from }),
    async () => json('client_login_get', { ...guess, session_id: await token() }, setup, from),
    () => go('/login/index.php', { fields: { username: 'nobody', password: 'x' }, headers: from }),
  ];
  // Right ones in between do not count, not even many.
  const right = () => json('login', { username: apiuser.name, password: apiuser.password }, setup, from);
  for (let n = 0; n < 10; n += 1) {
    assert.equal((await right()).code, 'ok', `after ${n}`);
    await guesses[n % guesses.length]?.();
  }
  const requests = await heard(async () => {
    assert.match((await json('login', asClient(client2), setup, from)).message, /Too many failed logins/);
    const fault = await soap(soapLogin(client2, '1'), setup, { headers: from });
    assert.equal(fault.status, 429);
    assert.match(fault.body, /<faultstring>Too many failed logins/);
    const page = await go('/login/index.php', { fields: { username: 'a', password: 'x' }, headers: from });
    assert.equal(page.status, 429);
  });
  assert.deepEqual(requests, []);
  assert.equal((await json('login', asClient(client2))).code, 'ok', 'others go on');
  const address = from['x-forwarded-for'];
  const count = (reason: string) =>
    gateway.output.split(`panel-login.refused from ${address}: ${reason}`).length - 1;
  assert.deepEqual(['wrong-password', 'too-many-passwords'].map(count), [10, 3]);
});

test('A53 with the policy "allow" the answers of the panel are counted; neither maintenance nor a session is', async () => {
  const open = await behindGateway({ panel: { remoteApi: 'allow' }, standIn: { maintenance: false } });
  await open.database.query("UPDATE client SET can_use_api = 'y'");
  await open.person(client1).enrol();
  const soapAt = (inner: string) => soap(inner, open);
  assert.equal((await json('login', asClient(client1), open)).code, 'ok');
  for (let n = 0; n < 12; n += 1) {
    assert.match((await json('login', { username: apiuser.name }, open)).message, /wrong|empty/);
    assert.match((await json('client_get', { session_id: 'none' }, open)).message, /does not exist/);
  }
  for (let n = 0; n < 5; n += 1) {
    await json('login', asClient({ ...client2, password: 'wrong' }), open);
    await soapAt(soapLogin({ name: client2.name, password: 'wrong' }, '1'));
  }
  assert.match((await json('login', asClient(client2), open)).message, /Too many/);
  assert.match((await soapAt(soapLogin(client2, '1'))).body, /Too many/);
});

test('A56 a session of the API that is older than the factor of its account is refused', async () => {
  const at = (session_id: string, more = {}) => json('client_get', { ...more, session_id, client_id: 2 });
  assert.match((await at(outdated)).message, /needs two-factor authentication/);
  assert.match(
    (await at(outdated, { padding: 'x'.repeat(200_000) })).message,
    /needs two-factor authentication/,
  );
  const soapCall = `<n:client_get><a>${outdated}</a><b>2</b></n:client_get>`;
  assert.match((await soap(soapCall)).body, /needs two-factor authentication/);
  assert.equal((await at(await token())).code, 'ok');
  assert.equal((await at(await token(asClient(client2)))).code, 'ok');
  assert.equal((await json('logout', { session_id: outdated })).code, 'ok');
});

test('the rest of the API passes as it came, large calls as they stream', async () => {
  const session_id = await token();
  const call = ` { "session_id": "${session_id}",  "client_id": 2, "padding": "${'x'.repeat(3_000_000)}" } `;
  const requests = await heard(async () => {
    const { response } = await json('client_get', call);
    assert.equal((response as { username: string }).username, 'client1');
    const upload = `<n:client_get><a>${session_id}</a><b>2</b><c>${'x'.repeat(3_000_000)}</c></n:client_get>`;
    assert.match((await soap(upload)).body, /client1/);
  });
  assert.equal(requests[0]?.body.toString(), call);
  assert.ok(!requests[0]?.headers.some(([name]) => name === 'cookie'), 'a session is none of its business');
  assert.equal(
    requests[1]?.body.length,
    3_000_000 + envelope(`<n:client_get><a>${session_id}</a><b>2</b><c></c></n:client_get>`).length,
  );
});

const unreadable: readonly (readonly [
  what: string,
  call: (from: Record<string, string>) => Promise<Answer | WireReply>,
])[] = [
  [
    'JSON with a name twice',
    (from) => json('login', '{"username":"a","username":"client1","client_login":true}', setup, from),
  ],
  ['two methods', (from) => json('client_get&login', asClient(client1), setup, from)],
  ['great depth', (from) => json('login', `{"username":${'['.repeat(10_000)}`, setup, from)],
  ['great depth in another call', (from) => json('client_get', `{"a":${'['.repeat(1_000)}`, setup, from)],
  [
    'a document type',
    (from) =>
      soap('', setup, {
        headers: from,
        body: `<!DOCTYPE x [<!ENTITY u "client1">]>${envelope('<n:login><a>&u;</a></n:login>')}`,
      }),
  ],
  ['two calls', (from) => soap(soapLogin(apiuser) + soapLogin(client1, '1'), setup, { headers: from })],
];

for (const [what, call] of unreadable)
  test(`refused as unreadable, in the protocol of the caller: ${what}`, async () => {
    const requests = await heard(async () => {
      const answer = await call(somebody());
      assert.match('message' in answer ? answer.message : answer.body, UNREADABLE);
    });
    assert.deepEqual(requests, []);
  });

test('A54 an address that sends what cannot be read is told to stop', async () => {
  const from = somebody();
  for (let n = 0; n < 60; n += 1) await json('login', '{', setup, from);
  assert.match((await json('login', '{', setup, from)).message, /Too many/);
  assert.equal((await json('login', asClient(client2), setup, from)).code, 'ok');
});

test('A41 A54 a login of more than 16 kB is refused, with and without its length', async () => {
  const requests = await heard(async () => {
    const call = { ...asClient(client1), padding: 'x'.repeat(1_100_000) };
    assert.match((await json('login', call, setup, somebody())).message, /too large/);
    const chunk = 'x'.repeat(65_536);
    const chunks = Array.from({ length: 20 }, () => `10000\r\n${chunk}\r\n`).join('');
    const head = [
      'POST /remote/json.php?login HTTP/1.1',
      `Host: 127.0.0.1:${gateway.port}`,
      'Connection: close',
    ];
    const answer = await exchange(gateway.port, [
      ...head,
      'Transfer-Encoding: chunked',
      '',
      `${chunks}0`,
      '',
      '',
    ]);
    assert.match(answer, /^HTTP\/1\.1 413 /);
  });
  assert.deepEqual(requests, []);
});

test('A54 anonymous bodies of a megabyte cost little', async () => {
  const bodies = [
    ['/remote/json.php?login', `{"a":${'['.repeat(1_000_000)}`],
    ['/remote/json.php?client_get', `{"a":[${'[],'.repeat(300_000)}[]]}`],
    ['/remote/json.php?client_get', `{${'"a":1,'.repeat(160_000)}"a":1}`],
    ['/remote/', envelope('<a/>'.repeat(250_000))],
    ['/remote/', envelope('<a>'.repeat(250_000))],
    ['/remote/', `<S:Envelope xmlns:S="${ENVELOPE}">${'<!---->'.repeat(140_000)}`],
  ] as const;
  const before = gateway.cpuMilliseconds;
  await Promise.all(
    [...bodies, ...bodies].map(async ([target, body]) => {
      const { status } = await go(target, { body, headers: somebody() });
      assert.ok([200, 400, 413, 500].includes(status), `${target}: ${status}`);
    }),
  );
  const spent = gateway.cpuMilliseconds - before;
  assert.ok(spent < 2_500, `${spent} ms for ${2 * bodies.length} bodies`);
});

test('rest.php, other files and other methods of the API are refused, in the protocol of the caller', async () => {
  const requests = await heard(async () => {
    for (const target of ['/remote/rest.php', '/remote/rest.php?login', '/remote/other.php'])
      assert.equal((await go(target, { body: JSON.stringify(asClient(client1)) })).status, 403, target);
    for (const target of ['/remote/rest.php/login', '//remote/json.php?login', '/REMOTE/json.php?login'])
      assert.equal((await go(target, { body: JSON.stringify(asClient(client1)) })).status, 400, target);
    for (const method of ['PUT', 'DELETE', 'OPTIONS']) {
      const reply = await go('/remote/json.php?login', { method });
      assert.deepEqual([reply.status, JSON.parse(reply.body).code], [405, 'remote_fault'], method);
    }
  });
  assert.deepEqual(requests, []);
});

test('the policy "refuse" closes it for everybody', async () => {
  const closed = await behindGateway({ panel: { remoteApi: 'refuse' } });
  const user = { username: apiuser.name, password: apiuser.password };
  const requests = await closed.heard(async () => {
    assert.match((await json('login', user, closed)).message, /not available/);
    assert.match((await soap(soapLogin(apiuser), closed)).body, /not available/);
  });
  assert.deepEqual(requests, []);
});

test('remote_ips and remote_access hold behind the gateway: the panel sees the caller and not 127.0.0.1', async () => {
  await database.query("UPDATE remote_user SET remote_access = 'y', remote_ips = '203.0.113.8'");
  const call = async (address: string) => {
    const user = { username: apiuser.name, password: apiuser.password };
    return (await json('login', user, setup, { 'x-forwarded-for': address })).code;
  };
  assert.equal(await call('203.0.113.8'), 'ok');
  assert.equal(await call('203.0.113.9'), 'remote_fault');
  await database.query("UPDATE remote_user SET remote_ips = ''");
});

test('A69 a SOAP call held open is refused at its end if its client turned 2FA on, and passes to the byte if not', async () => {
  const before = panel.requests.length;
  const [outdating, fine] = [await token(asClient(client2)), await token()];
  const call = (session: string) =>
    envelope(
      `<n:client_get><a>${session}</a><b>3</b></n:client_get><!-- ${session} ${'x'.repeat(40_000)} -->`,
    );
  const chunked = (bytes: string) => `${bytes.length.toString(16)}\r\n${bytes}\r\n`;
  const held = [outdating, fine].flatMap((session) =>
    [
      { padding: '   ', missing: 2 },
      { padding: '<!-- p -->\n', missing: 1 },
      { padding: '', missing: 3 },
      { padding: '', missing: '</S:Envelope>'.length },
    ].flatMap(({ padding, missing }) =>
      [false, true].map((isChunked) => {
        const body = call(session) + padding;
        const [first, last] = [body.slice(0, -missing), body.slice(-missing)];
        const head = [
          'POST /remote/index.php HTTP/1.1',
          `Host: ${new URL(gateway.url).host}`,
          'Content-Type: text/xml; charset=utf-8',
          'X-Forwarded-For: 198.51.100.1',
          isChunked ? 'Transfer-Encoding: chunked' : `Content-Length: ${body.length}`,
          'Connection: close',
          '',
          isChunked ? chunked(first) : first,
        ].join('\r\n');
        const client = new RawClient(Number(new URL(gateway.url).port)).send(head);
        return { session, body, client, last: isChunked ? `${chunked(last)}0\r\n\r\n` : last };
      }),
    ),
  );
  await delay(300);
  await person(client2).enrol();
  for (const { session, client, last } of held) {
    client.send(last);
    const answer = await client.end(10_000);
    if (session === fine) assert.match(answer, /^HTTP\/1\.1 200 [\s\S]*client/);
    else assert.match(answer, /<faultstring>.*needs two-factor authentication and may not use the API/);
  }
  const whole = panel.requests
    .slice(before)
    .map(({ body }) => body.toString())
    .filter((body) => body.includes('</S:Envelope') && body.includes('xxxx'));
  const passed = held.filter(({ session }) => session === fine).map(({ body }) => body);
  assert.deepEqual(whole.sort(), passed.sort(), 'the panel had these whole calls and no other');
});
