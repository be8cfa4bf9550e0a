import assert from 'node:assert/strict';
import { test } from 'node:test';
import { accounts } from '../../support/ispconfig/accounts.js';
import { exchange } from '../raw.js';
import { type Behind, behindGateway } from './setup.js';

const setup = await behindGateway();
const { go, heard, person, database, gateway } = setup;
const { client1, client2, apiuser } = accounts;
await database.query("UPDATE client SET can_use_api = 'y'");
await person(client1).enrol();

const REFUSED = /This account needs two-factor authentication and may not use the API/;
const ENVELOPE = 'http://schemas.xmlsoap.org/soap/envelope/';

interface Answer {
  readonly code: string;
  readonly message: string;
  readonly response: unknown;
}

async function json(method: string, call: unknown, at: Pick<Behind, 'go'> = setup): Promise<Answer> {
  const body = typeof call === 'string' ? call : JSON.stringify(call);
  const reply = await at.go(`/remote/json.php?${method}`, {
    body,
    headers: { 'content-type': 'application/json' },
  });
  return JSON.parse(reply.body) as Answer;
}

function soap(
  inner: string,
  before = '<?xml version="1.0" encoding="UTF-8"?>',
  at: Pick<Behind, 'go'> = setup,
) {
  const body = `${before}<S:Envelope xmlns:S="${ENVELOPE}" xmlns:n="urn:x"><S:Body>${inner}</S:Body></S:Envelope>`;
  return at.go('/remote/index.php', { body, headers: { 'content-type': 'text/xml; charset=utf-8' } });
}
const soapLogin = (name: string, password: string, client: string) =>
  `<n:login><a>${name}</a><b>${password}</b><c>${client}</c></n:login>`;

const asClient = (account: typeof client1 | typeof client2) => ({
  username: account.name,
  password: account.password,
  client_login: true,
});

async function token(): Promise<string> {
  const { response } = await json('login', { username: apiuser.name, password: apiuser.password });
  return String(response);
}

test('A27 JSON: API users and clients without 2FA log in, a client with 2FA does not', async () => {
  assert.match(await token(), /^[0-9a-f]{32}$/);
  assert.equal((await json('login', asClient(client2))).code, 'ok');
  const requests = await heard(async () => {
    const refused = await json('login', asClient(client1));
    assert.deepEqual([refused.code, refused.response], ['remote_fault', false]);
    assert.match(refused.message, REFUSED);
  });
  assert.deepEqual(requests, [], 'the panel never saw the password');
});

test('A27 SOAP: the same', async () => {
  assert.match((await soap(soapLogin(apiuser.name, apiuser.password, ''))).body, /<return>[0-9a-f]{32}</);
  assert.match((await soap(soapLogin(client2.name, client2.password, '1'))).body, /<return>[0-9a-f]{32}</);
  const requests = await heard(async () => {
    const refused = await soap(soapLogin(client1.name, client1.password, '1'));
    assert.equal(refused.status, 500);
    assert.match(refused.body, REFUSED);
  });
  assert.deepEqual(requests, []);
});

test('A27 client_login_get tells nobody whether the password of a client with 2FA is right', async () => {
  const session_id = await token();
  const ask = ({ name, password }: { name: string; password: string }) =>
    json('client_login_get', { session_id, username: name, password });
  assert.equal((await ask(client2)).code, 'ok');
  const [right, wrong] = [await ask(client1), await ask({ ...client1, password: 'wrong' })];
  assert.match(right.message, REFUSED);
  assert.deepEqual(right, wrong);
  const inner = `<n:client_login_get><a>${session_id}</a><b>client1</b><c>${client1.password}</c></n:client_login_get>`;
  assert.match((await soap(inner)).body, REFUSED);
});

test('A27 other spellings of the name, the method and the flag are refused too', async () => {
  const { password } = client1;
  for (const [method, call] of [
    ['login', { username: 'CLIENT1', password, client_login: true }],
    ['login', { username: 'client1 ', password, client_login: 1 }],
    ['login', { username: 'cliént1', password, client_login: 'yes' }],
    ['LOGIN', { username: 'client1', password, client_login: true }],
    ['login=', { username: 'client1', password, client_login: true }],
  ] as const)
    assert.match((await json(method, call)).message, REFUSED, JSON.stringify([method, call]));
});

test('the rest of the API passes, written anew', async () => {
  const session_id = await token();
  const requests = await heard(async () => {
    const { response } = await json('client_get', ` { "session_id": "${session_id}",  "client_id": 2 } `);
    assert.equal((response as { username: string }).username, 'client1');
  });
  assert.equal(requests[0]?.body.toString(), `{"session_id":"${session_id}","client_id":2}`);
  assert.ok(!requests[0]?.headers.some(([name]) => name === 'cookie'), 'a session is none of its business');
});

const DTD = '<?xml version="1.0"?><!DOCTYPE x [<!ENTITY u "client1">]>';
for (const [what, send] of [
  [
    'JSON with a name twice',
    () => json('login', '{"username":"apiuser","username":"client1","client_login":true}'),
  ],
  ['JSON with a name twice by an escape', () => json('login', '{"username":"a","usern\\u0061me":"client1"}')],
  ['JSON that is cut off', () => json('login', '{"username":"client1"')],
  ['JSON that is a list', () => json('login', '["client1","x",true]')],
  [
    'JSON whose name is no text',
    () => json('login', { username: ['client1'], password: 'x', client_login: true }),
  ],
  ['two methods', () => json('client_get&login', asClient(client1))],
  ['no method', () => json('', asClient(client1))],
  ['a document type', () => soap(soapLogin('&u;', 'x', '1'), DTD)],
  ['an unknown encoding', () => soap(soapLogin('a', 'x', '1'), '<?xml version="1.0" encoding="UTF-7"?>')],
  ['two calls', () => soap(soapLogin('a', 'x', '') + soapLogin('client1', 'x', '1'))],
  ['XML that is not well-formed', () => soap('<n:login><a>client1</n:login>')],
] as const) {
  test(`refused as unreadable: ${what}`, async () => {
    const requests = await heard(async () => {
      const answer = await send();
      assert.match('message' in answer ? answer.message : answer.body, /could not be read/);
    });
    assert.deepEqual(requests, []);
  });
}

test('A41 a call of more than 1 MB is refused, with and without its length', async () => {
  const requests = await heard(async () => {
    const call = { ...asClient(client1), padding: 'x'.repeat(1_100_000) };
    assert.match((await json('login', call)).message, /could not be read/);
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

test('rest.php, other files and other methods of the API are refused', async () => {
  const requests = await heard(async () => {
    for (const target of ['/remote/rest.php', '/remote/rest.php?login', '/remote/', '/remote/other.php'])
      assert.equal((await go(target, { body: JSON.stringify(asClient(client1)) })).status, 403, target);
    for (const target of ['/remote/rest.php/login', '//remote/json.php?login', '/REMOTE/json.php?login'])
      assert.equal((await go(target, { body: JSON.stringify(asClient(client1)) })).status, 400, target);
    for (const method of ['GET', 'PUT', 'DELETE', 'OPTIONS'])
      assert.equal((await go('/remote/json.php?login', { method })).status, 405, method);
  });
  assert.deepEqual(requests, []);
});

test('the policy "refuse" closes it for everybody, "allow" opens it', async () => {
  const closed = await behindGateway({ panel: { remoteApi: 'refuse' } });
  const user = { username: apiuser.name, password: apiuser.password };
  const requests = await closed.heard(async () => {
    assert.match((await json('login', user, closed)).message, /not available/);
    assert.match((await soap(soapLogin(user.username, user.password, ''), '', closed)).body, /not available/);
  });
  assert.deepEqual(requests, []);
  const open = await behindGateway({ panel: { remoteApi: 'allow' } });
  await open.database.query("UPDATE client SET can_use_api = 'y'");
  await open.person(client1).enrol();
  assert.equal((await json('login', asClient(client1), open)).code, 'ok');
});

test('remote_ips and remote_access hold behind the gateway: the panel sees the caller and not 127.0.0.1', async () => {
  const proxied = await behindGateway({ config: { trustedProxies: ['127.0.0.1'] } });
  await proxied.database.query("UPDATE remote_user SET remote_access = 'y', remote_ips = '203.0.113.8'");
  const call = async (address: string) => {
    const body = JSON.stringify({ username: apiuser.name, password: apiuser.password });
    const reply = await proxied.go('/remote/json.php?login', {
      body,
      headers: { 'x-forwarded-for': address },
    });
    return (JSON.parse(reply.body) as Answer).code;
  };
  assert.equal(await call('203.0.113.8'), 'ok');
  assert.equal(await call('203.0.113.9'), 'remote_fault');
});
