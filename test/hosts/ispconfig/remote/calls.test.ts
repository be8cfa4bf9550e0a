import assert from 'node:assert/strict';
import { test } from 'node:test';
import { deflateSync, gzipSync } from 'node:zlib';
import { BadCall } from '../../../../src/hosts/ispconfig/remote/bad-call.js';
import { CallBody } from '../../../../src/hosts/ispconfig/remote/call-body.js';
import { understand } from '../../../../src/hosts/ispconfig/remote/call-reader.js';
import { request } from '../requests.js';

async function read(url: string, body: string | Buffer, headers: Record<string, string> = {}) {
  const ctx = request(url, { method: 'POST', body, headers });
  return understand(ctx, await CallBody.open(ctx.req, !url.includes('json')));
}
/** What was understood, in a line. */
async function meaning(url: string, body: string | Buffer, headers: Record<string, string> = {}) {
  const call = await read(url, body, headers);
  if (call.kind !== 'login') return `${call.method} ${call.kind === 'soap-call' ? call.session : ''}`.trim();
  const { method, username, password, ofClient } = call.login;
  return `${method} ${username}:${password}${ofClient ? ' of a client' : ''}`;
}
const json = (query: string, body: unknown, headers = {}) =>
  meaning(`/remote/json.php?${query}`, typeof body === 'string' ? body : JSON.stringify(body), headers);

const SOAP = 'http://schemas.xmlsoap.org/soap/envelope/';
const SOAP_12 = 'http://www.w3.org/2003/05/soap-envelope';
const envelope = (inner: string, { before = '', head = '', uri = SOAP } = {}) =>
  `${before}<S:Envelope xmlns:S="${uri}" xmlns:xsd="http://www.w3.org/2001/XMLSchema" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">${head}<S:Body>${inner}</S:Body></S:Envelope>`;
const soap = (inner: string, options = {}) => meaning('/remote/index.php', envelope(inner, options));
const typed = (type: string, value: string) =>
  `<n:login xmlns:n="/remote/"><a xsi:type="xsd:string">c</a><b xsi:type="xsd:${type}">${value}</b><d xsi:type="xsd:int">1</d></n:login>`;
const login = envelope('<login><a>c</a><b>p</b></login>');
const p = { username: 'c', password: 'p' };

const understood: readonly (readonly [what: string, call: () => Promise<string>, meaning: string])[] = [
  ['JSON of a user of the API', () => json('login', p), 'login c:p'],
  ['JSON of a client', () => json('login', { ...p, client_login: true }), 'login c:p of a client'],
  [
    'with a flag that PHP takes for true',
    () => json('login', { ...p, client_login: 'false' }),
    'login c:p of a client',
  ],
  ['with a truthy list', () => json('login', { ...p, client_login: [0] }), 'login c:p of a client'],
  ['with a flag that PHP takes for false', () => json('login', { ...p, client_login: '0' }), 'login c:p'],
  ['with an object, which is an empty list', () => json('login', { ...p, client_login: {} }), 'login c:p'],
  ['with a number as password', () => json('login', { ...p, password: 123456 }), 'login c:123456'],
  ['with escapes', () => json('login', '{"user\\u006eame":"\\u0063","password":"p"}'), 'login c:p'],
  ['of a method in upper case', () => json('LOGIN', p), 'login c:p'],
  ['with more in the query', () => json('login&x=1', p), 'login c:p'],
  ['with a value in the query', () => json('login=1&', p), 'login c:p'],
  [
    'for a third party',
    () => json('client_login_get', { session_id: 's', ...p }),
    'client_login_get c:p of a client',
  ],
  ['another method', () => json('client_get', '{"a":{"a":1,"a":2}}'), 'client_get'],
  ['SOAP of a user of the API', () => meaning('/remote/index.php', login), 'login c:p'],
  ['SOAP at the folder', () => meaning('/remote/', login), 'login c:p'],
  ['SOAP at the folder without its slash', () => meaning('/remote', login), 'login c:p'],
  ['SOAP at the address of its description', () => meaning('/remote/index.php?wsdl', login), 'login c:p'],
  ['SOAP 1.2', () => soap('<login><a>c</a><b>p</b></login>', { uri: SOAP_12 }), 'login c:p'],
  [
    'SOAP with an empty header',
    () => soap('<login><a>c</a><b>p</b></login>', { head: '<S:Header/>' }),
    'login c:p',
  ],
  ['in CDATA', () => soap('<login><a><![CDATA[c]]></a><b>p</b></login>'), 'login c:p'],
  ['with references to characters', () => soap('<login><a>&#99;</a><b>p&amp;</b></login>'), 'login c:p&'],
  ['split by a comment', () => soap('<login><a>c</a><b>p<!-- x -->q</b></login>'), 'login c:pq'],
  [
    'a password that looks like a number',
    () => soap(typed('long', '12345678901')),
    'login c:12345678901 of a client',
  ],
  ['a password that looks like a fraction', () => soap(typed('float', '1.50')), 'login c:1.50 of a client'],
  [
    'a password that looks like a date',
    () => soap(typed('date', '2024-01-01')),
    'login c:2024-01-01 of a client',
  ],
  [
    'a password that looks like an address',
    () => soap(typed('anyURI', 'http://x')),
    'login c:http://x of a client',
  ],
  [
    'a password with letters beyond ASCII',
    () => soap(typed('base64Binary', 'cMOk')),
    'login c:pä of a client',
  ],
  ['the same in lines', () => soap(typed('base64Binary', '\n cM\nOk ')), 'login c:pä of a client'],
  ['a password that looks like a truth', () => soap(typed('boolean', 'true')), 'login c:true of a client'],
  ['a password in hexadecimal', () => soap(typed('hexBinary', '7041')), 'login c:pA of a client'],
  [
    'a flag of 0.0',
    () => soap('<login><a>c</a><b>p</b><d xsi:type="xsd:float">0.0</d></login>'),
    'login c:p',
  ],
  ['a flag of text, "0.0"', () => soap('<login><a>c</a><b>p</b><d>0.0</d></login>'), 'login c:p of a client'],
  [
    'a flag of text, "false"',
    () => soap('<login><a>c</a><b>p</b><d>false</d></login>'),
    'login c:p of a client',
  ],
  ['a session', () => soap('<client_get><a>s</a><b xsi:type="xsd:int">1</b></client_get>'), 'client_get s'],
  [
    'a session in another coding',
    () => soap('<client_get><a xsi:type="xsd:base64Binary">cw==</a></client_get>'),
    'client_get s',
  ],
  [
    'what refers, behind the session',
    () => soap('<client_get><a>s</a><b href="#x"/></client_get>'),
    'client_get s',
  ],
  ['gzip', () => meaning('/remote/', gzipSync(login), { 'content-encoding': 'gzip' }), 'login c:p'],
  ['deflate', () => meaning('/remote/', deflateSync(login), { 'content-encoding': 'deflate' }), 'login c:p'],
  [
    'another encoding of ASCII',
    () =>
      meaning(
        '/remote/',
        Buffer.from(
          `<?xml version="1.0" encoding="ISO-8859-1"?>${login.replace('>p<', '>p\xe4<')}`,
          'latin1',
        ),
        { 'content-type': 'text/xml; charset=iso-8859-1' },
      ),
    'login c:pä',
  ],
  [
    'an upload of which only the beginning is looked at',
    () => soap(`<client_add><a>s</a><b>${'<c/>'.repeat(300_000)}<unfinished></b></client_add>`),
    'client_add s',
  ],
];

for (const [what, call, expected] of understood)
  test(`a call is understood as PHP would: ${what}`, async () => assert.equal(await call(), expected));

const refused: readonly (readonly [what: string, call: () => Promise<unknown>, status?: number])[] = [
  ['a name twice', () => json('login', '{"username":"a","username":"b","password":"x"}')],
  ['a name twice, one escaped', () => json('login', '{"client_login":true,"client\\u005flogin":false}')],
  ['a comment', () => json('login', '{"username":"a"/**/}')],
  ['a list', () => json('login', '"a"')],
  ['no JSON', () => json('login', 'username=client1')],
  ['something behind it', () => json('login', '{}{}')],
  ['a call that is cut off', () => json('login', '{"username":"a"')],
  ['a byte order mark', () => json('login', '\ufeff{}')],
  ['bytes that are no text', () => meaning('/remote/json.php?login', Buffer.from([0x7b, 0xff, 0x7d]))],
  ['a name that is a list', () => json('login', { ...p, username: ['c'] })],
  ['a password that is true', () => json('login', { ...p, password: true })],
  ['a number out of range', () => json('login', '{"username":"a","password":9007199254740993}')],
  ['great depth', () => json('login', `{"a":${'['.repeat(5_000)}`)],
  ['two methods', () => json('client_get&login', p)],
  ['two methods, one with a value', () => json('client_get&login=1', p)],
  ['an encoded method', () => json('log%69n', p)],
  ['a method as a list', () => json('login[]', p)],
  ['no method', () => json('', p)],
  ['a compressed call', () => json('login', '{}', { 'content-encoding': 'gzip' })],
  ['another character set', () => json('login', p, { 'content-type': 'application/json; charset=utf-16' })],
  ['a login of great size', () => json('login', { ...p, x: 'x'.repeat(20_000) }), 413],
  ['a document type', () => soap('<a/>', { before: '<!DOCTYPE x [<!ENTITY e "c">]>' })],
  ['an unknown entity', () => soap('<login><a>&e;</a></login>')],
  [
    'an encoding that hides letters',
    () => soap('<a/>', { before: '<?xml version="1.0" encoding="utf-7"?>' }),
  ],
  [
    'an encoding that the header contradicts',
    () =>
      meaning('/remote/', login.replace('>p<', '>ä<'), { 'content-type': 'text/xml; charset=iso-8859-1' }),
  ],
  ['UTF-16', () => meaning('/remote/', Buffer.from(`\ufeff${login}`, 'utf16le'))],
  ['a processing instruction', () => soap('<a/>', { before: '<?php x?>' })],
  ['bytes that are no text', () => soap(typed('base64Binary', '/w=='))],
  ['base64 that is none', () => soap(typed('base64Binary', 'cMOk!'))],
  ['a type nobody knows', () => soap(typed('Map', 'x'))],
  ['a reference', () => soap('<login><a href="#x"/><b id="x">c</b><c>1</c></login>')],
  ['a reference for a session', () => soap('<client_get><a href="#x"/><b id="x">s</b></client_get>')],
  ['a session with parts', () => soap('<client_get><a><b>s</b></a></client_get>')],
  ['a session without end', () => soap(`<client_get><a>${'s'.repeat(20_000)}</a></client_get>`)],
  ['a call in a header', () => soap('<logout/>', { head: '<S:Header><login><a>c</a></login></S:Header>' })],
  ["a call through PHP's own __call", () => soap('<__call><a>login</a><b><c>c</c></b></__call>')],
  ['two calls', () => soap('<logout/><login/>')],
  ['no call', () => soap('')],
  ['an envelope of nobody', () => meaning('/remote/', '<Envelope><Body><login/></Body></Envelope>')],
  ['two bodies', () => meaning('/remote/', envelope('<a/></S:Body><S:Body><b/></S:Body><S:Body><c/>'))],
  ['elements in an argument', () => soap('<login><a><x>c</x></a><b>p</b></login>')],
  ['XML that is not well-formed', () => soap('<login><a>c</b></login>')],
  ['unfinished XML', () => meaning('/remote/', login.slice(0, -3))],
  ['a method in the query', () => meaning('/remote/index.php?login', login)],
  ['great depth', () => soap(`${'<a>'.repeat(100)}${'</a>'.repeat(100)}`)],
  ['a login of great size', () => soap(`<login><a>c</a><b>${'p'.repeat(20_000)}</b></login>`), 413],
  ['what is no gzip', () => meaning('/remote/', login, { 'content-encoding': 'gzip' })],
  ['an unknown compression', () => meaning('/remote/', login, { 'content-encoding': 'br' })],
];

for (const [what, call, status = 400] of refused)
  test(`a call that can be read in two ways, or not at all, is refused: ${what}`, () =>
    assert.rejects(call, (error) => error instanceof BadCall && error.status === status));

test('a login is written anew: nobody reads anything else in it', async () => {
  const bodyOf = async (call: ReturnType<typeof read>) => {
    const understood = await call;
    return understood.kind === 'login' ? understood.body.toString() : assert.fail();
  };
  assert.equal(
    await bodyOf(
      read('/remote/json.php?login', ' {"username": "c", "x": {"username": 1}, "client_login": [0] } '),
    ),
    '{"username":"c","client_login":true}',
  );
  assert.match(
    await bodyOf(read('/remote/', envelope(typed('base64Binary', 'PMOk')))),
    /<c:login><param0 xsi:type="xsd:string">c<\/param0><param1 xsi:type="xsd:string">&#60;ä<\/param1><param2 xsi:type="xsd:boolean">true</,
  );
});

test('A54 the beginning of any call is read in a few milliseconds', async () => {
  const bodies = [
    envelope('<a/>'.repeat(250_000)),
    envelope(`<a ${Array.from({ length: 5_000 }, (_, i) => `a${i}=""`).join(' ')}/>`),
    envelope(`<a ${Array.from({ length: 5_000 }, (_, i) => `xmlns:a${i}="a"`).join(' ')}/>`),
    `<S:Envelope xmlns:S="${SOAP}">${'<!---->'.repeat(150_000)}`,
    envelope(`<login><a>${'&#99;'.repeat(200_000)}</a></login>`),
  ];
  for (const body of [...bodies, ...bodies]) {
    const begin = process.cpuUsage();
    await read('/remote/', body).catch((error) => assert.ok(error instanceof BadCall));
    assert.ok(process.cpuUsage(begin).user < 250_000, body.slice(0, 200));
  }
});
