import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { UpstreamRefusal } from '../../../../src/hosts/gateway-host.js';
import { PanelDatabase } from '../../../../src/hosts/ispconfig/people/panel-database.js';
import { judgeRemote } from '../../../../src/hosts/ispconfig/remote/remote-api.js';
import type { RemotePolicy } from '../../../../src/hosts/ispconfig/remote/remote-policy.js';
import { type PanelTables, startPanelTables } from '../panel-tables.js';
import { request } from '../requests.js';

let panel: PanelTables;
let database: PanelDatabase;
before(async () => {
  panel = await startPanelTables();
  database = new PanelDatabase(panel.url);
});
after(async () => {
  await database.close();
  await panel.stop();
});

/** client1, userid 3, is the one with a factor. */
async function judge(
  url: string,
  body: string | Buffer,
  headers = {},
  policy: RemotePolicy = 'refuse-2fa-clients',
) {
  const deps = { policy, database, needsCode: async ({ id }: { id: string }) => id === '3' };
  const judged = await judgeRemote(request(url, { method: 'POST', body, headers }), deps);
  return judged?.kind === 'call' ? judged.body.toString() : (judged as UpstreamRefusal | undefined);
}
const json = (method: string, body: unknown) =>
  judge(`/remote/json.php?${method}`, typeof body === 'string' ? body : JSON.stringify(body));
const reasonOf = (judged: string | UpstreamRefusal | undefined) =>
  typeof judged === 'object' ? judged.reason : assert.fail(`passed: ${judged}`);

const ENVELOPE = 'http://schemas.xmlsoap.org/soap/envelope/';
const envelope = (inner: string, before = '', head = '') =>
  `${before}<S:Envelope xmlns:S="${ENVELOPE}" xmlns:xsd="http://www.w3.org/2001/XMLSchema" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">${head}<S:Body>${inner}</S:Body></S:Envelope>`;
const soap = (inner: string, before = '', head = '') =>
  judge('/remote/index.php', envelope(inner, before, head));
const soapLogin = (name: string, rest = '<c xsi:type="xsd:boolean">true</c>', method = 'login') =>
  soap(`<n:${method} xmlns:n="/remote/"><a xsi:type="xsd:string">${name}</a><b>pw</b>${rest}</n:${method}>`);

const PASSWORD_OF = 'an API login of an account with a factor';

for (const [what, method, body] of [
  ['as it should be', 'login', { username: 'client1', password: 'x', client_login: true }],
  ['with another spelling of the name', 'login', { username: 'CLIENT1 ', password: 'x', client_login: 1 }],
  [
    'with an accent the database ignores',
    'login',
    { username: 'cliént1', password: 'x', client_login: 'false' },
  ],
  ['with a truthy list', 'login', { username: 'client1', password: 'x', client_login: [0] }],
  ['for a third party', 'client_login_get', { session_id: 's', username: 'client1', password: 'x' }],
  ['for a third party by e-mail', 'client_login_get', { username: 'client1@example.org', password: 'x' }],
  ['with escapes', 'login', '{"user\\u006eame":"client\\u0031","password":"x","client_login":true}'],
] as const) {
  test(`JSON: a client login with the password of a 2FA account, ${what}, is refused in its own words`, async () => {
    const judged = await json(method, body);
    assert.equal(reasonOf(judged), PASSWORD_OF);
    assert.ok(typeof judged === 'object');
    assert.equal(JSON.parse(judged.answer?.body ?? '').code, 'remote_fault');
  });
}

test('JSON: API users and clients without a factor pass, written anew', async () => {
  for (const body of [
    { username: 'remote', password: 'x' },
    { username: 'client1', password: 'x', client_login: false },
    { username: 'client2', password: 'x', client_login: true },
  ]) {
    assert.equal(await json('login', ` ${JSON.stringify(body, undefined, 2)}`), JSON.stringify(body));
  }
  assert.equal(
    await json('client_get', { session_id: 's', client_id: 1 }),
    '{"session_id":"s","client_id":1}',
  );
});

for (const [what, method, body] of [
  ['a name twice', 'login', '{"username":"client2","username":"client1","password":"x","client_login":true}'],
  [
    'a name twice, one escaped',
    'login',
    '{"client_login":true,"client\\u005flogin":false,"username":"client1"}',
  ],
  ['a name twice further down', 'client_add', '{"params":{"a":1,"a":2}}'],
  ['a comment', 'login', '{"username":"a"/**/}'],
  ['a list', 'login', '["client1","x",true]'],
  ['no JSON', 'login', 'username=client1'],
  ['something behind it', 'login', '{}{}'],
  ['a byte order mark', 'login', '\ufeff{}'],
  ['a name that is a list', 'login', '{"username":["client1"],"password":"x","client_login":true}'],
  ['a name that is a number', 'client_login_get', '{"username":1,"password":"x"}'],
  ['a number out of range', 'client_get', '{"client_id":9007199254740993}'],
  ['two methods', 'client_get&login', '{}'],
  ['an encoded method', 'log%69n', '{}'],
  ['a method as a list', 'login[]', '{}'],
  ['no method', '', '{}'],
] as const) {
  test(`JSON: refused as unreadable: ${what}`, async () => {
    const judged = await json(method, body);
    assert.notEqual(reasonOf(judged), PASSWORD_OF);
    assert.equal(typeof judged === 'object' && judged.status, 400);
  });
}

test('JSON: bodies of more than 1 MB, compressed ones and other character sets are refused', async () => {
  const status = async (body: string | Buffer, headers = {}) => {
    const judged = await judge('/remote/json.php?login', body, headers);
    return typeof judged === 'object' && judged.status;
  };
  assert.equal(await status(`{"a":"${'x'.repeat(1024 * 1024)}"}`), 413);
  assert.equal(await status('{}', { 'content-encoding': 'gzip' }), 400);
  assert.equal(await status('{}', { 'content-type': 'application/json; charset=utf-16' }), 400);
  assert.equal(await status(Buffer.from([0x7b, 0xff, 0x7d])), 400);
});

test('SOAP: a client login with the password of a 2FA account is refused by a fault', async () => {
  const judged = await soapLogin('client1');
  assert.equal(reasonOf(judged), PASSWORD_OF);
  assert.ok(typeof judged === 'object' && judged.status === 500);
  assert.match(judged.answer?.body ?? '', /<SOAP-ENV:Fault>.*two-factor/);
});

for (const [what, judged] of [
  ['in upper case', () => soapLogin('client1', '<c>1</c>', 'LOGIN')],
  ['in CDATA', () => soapLogin('<![CDATA[client1]]>', '<c>yes</c>')],
  ['with character references', () => soapLogin('cl&#105;ent1', '<c>x</c>')],
  ['split by a comment', () => soapLogin('cli<!-- x -->ent1')],
  ['for a third party', () => soap('<client_login_get><a>s</a><b>client1</b><c>pw</c></client_login_get>')],
] as const) {
  test(`SOAP: refused too: ${what}`, async () => assert.equal(reasonOf(await judged()), PASSWORD_OF));
}

test('SOAP: API users pass, and a login is written anew', async () => {
  const passed = await soapLogin('remote', '');
  assert.match(
    String(passed),
    /<c:login><param0 xsi:type="xsd:string">remote<\/param0><param1 xsi:type="xsd:string">pw</,
  );
  assert.match(String(await soapLogin('client1', '<c xsi:type="xsd:boolean">false</c>')), />false</);
  assert.match(String(await soapLogin('a&lt;b&#13;', '')), /a&#60;b&#13;/);
  const call = '<n:client_get xmlns:n="/remote/"><a>s</a><b xsi:type="xsd:int">1</b></n:client_get>';
  assert.equal(await soap(call), envelope(call));
});

for (const [what, judged] of [
  ['a document type', () => soap('<a/>', '<!DOCTYPE x [<!ENTITY e "client1">]>')],
  ['an unknown entity', () => soapLogin('&e;')],
  ['another encoding', () => soap('<a/>', '<?xml version="1.0" encoding="utf-7"?>')],
  ['a processing instruction', () => soap('<a/>', '<?php x?>')],
  [
    'a hidden name: base64Binary',
    () => soap('<login><a xsi:type="xsd:base64Binary">Y2xpZW50MQ==</a><b>x</b><c>1</c></login>'),
  ],
  ['a hidden name: a reference', () => soap('<login><a href="#x"/><b id="x">client1</b><c>1</c></login>')],
  ['a call in a header', () => soap('<logout/>', '', '<S:Header><login><a>client1</a></login></S:Header>')],
  [
    "a call through PHP's own __call",
    () => soap('<__call><a>login</a><b><c>client1</c><c>pw</c><c>1</c></b></__call>'),
  ],
  ['two calls', () => soap('<logout/><login/>')],
  ['no call', () => soap('')],
  ['an envelope of nobody', () => judge('/remote/index.php', '<Envelope><Body><login/></Body></Envelope>')],
  [
    'two bodies',
    () => judge('/remote/index.php', envelope('<a/></S:Body><S:Body><b/></S:Body><S:Body><c/>')),
  ],
  ['elements in an argument', () => soapLogin('<x>client1</x>')],
  ['unfinished XML', () => soapLogin('client1</a>')],
  ['a query', () => judge('/remote/index.php?login', envelope('<a/>'))],
  ['great depth', () => soap(`${'<a>'.repeat(100)}${'</a>'.repeat(100)}`)],
] as const) {
  test(`SOAP: refused as unreadable: ${what}`, async () => {
    const refusal = await judged();
    assert.ok(typeof refusal === 'object' && refusal.status === 400, JSON.stringify(refusal));
    assert.match(refusal.answer?.body ?? '', /SOAP-ENV:Fault/);
  });
}

test('an API that is not judged is refused, and the other policies are all or nothing', async () => {
  assert.equal(reasonOf(await judge('/remote/rest.php/api/v1', '{}')), 'an API that is not judged');
  const body = '{"username":"client1","client_login":true}';
  assert.equal(await judge('/remote/json.php?login', body, {}, 'allow'), undefined);
  const refused = await judge('/remote/json.php?login', body, {}, 'refuse');
  assert.equal(typeof refused === 'object' && refused.status, 403);
});
