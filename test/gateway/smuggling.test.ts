import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { exchange, RawClient } from './raw.js';
import { startPlainGateway } from './start.js';
import { startUpstream } from './upstream.js';

const panel = await startUpstream();
const gateway = await startPlainGateway(panel.port);

after(async () => {
  await gateway.close();
  await panel.close();
});

const HIDDEN = ['GET /hidden-page HTTP/1.1', 'Host: panel', '', ''];
const hidden = HIDDEN.join('\r\n');

/** Sends it, and gives the statuses the client sees; whatever they are, the panel must not see the hidden request. */
async function attack(lines: readonly string[]): Promise<number[]> {
  const before = panel.seen.length;
  const client = new RawClient(gateway.port).send(...lines);
  await client.end(700);
  const reached = panel.seen.slice(before).map(({ url }) => url);
  assert.ok(!reached.includes('/hidden-page'), `the panel saw ${reached.join(', ')}`);
  return client.statuses;
}

const refusedAtOnce: readonly (readonly [name: string, status: number, lines: readonly string[]])[] = [
  [
    'A22 CL.TE: both lengths',
    400,
    [
      'POST /login HTTP/1.1',
      'Host: x',
      `Content-Length: ${hidden.length + 5}`,
      'Transfer-Encoding: chunked',
      '',
      '0',
      '',
      hidden,
    ],
  ],
  [
    'A22 TE.CL: a coding in other spelling beside a length',
    400,
    [
      'POST /login HTTP/1.1',
      'Host: x',
      'Content-Length: 4',
      'Transfer-Encoding : chunked',
      '',
      '0',
      '',
      hidden,
    ],
  ],
  [
    'A22 two lengths',
    400,
    ['POST /login HTTP/1.1', 'Host: x', 'Content-Length: 0', 'Content-Length: 9', '', hidden],
  ],
  ['A22 a list of lengths', 400, ['POST /login HTTP/1.1', 'Host: x', 'Content-Length: 0, 9', '', hidden]],
  ['A22 a length with a sign', 400, ['POST /login HTTP/1.1', 'Host: x', 'Content-Length: +9', '', hidden]],
  [
    'A22 a coding we do not know',
    501,
    ['POST /login HTTP/1.1', 'Host: x', 'Transfer-Encoding: gzip, chunked', '', '0', '', hidden],
  ],
  [
    'A22 a coding in HTTP/1.0',
    400,
    ['POST /login HTTP/1.0', 'Host: x', 'Transfer-Encoding: chunked', '', '0', '', hidden],
  ],
  [
    'A22 a folded header',
    400,
    ['GET /login HTTP/1.1', 'Host: x', 'X-One: a', ' Transfer-Encoding: chunked', '', ''],
  ],
  [
    'A22 a bare line feed in the head',
    400,
    ['GET /login HTTP/1.1', 'Host: x', 'X-One: a\nTransfer-Encoding: chunked', '', ''],
  ],
  ['A22 two hosts', 400, ['GET /login HTTP/1.1', 'Host: x', 'Host: y', '', '']],
  ['A22 no host', 400, ['GET /login HTTP/1.1', '', '']],
  [
    'A22 a bad chunk size',
    400,
    ['POST /login HTTP/1.1', 'Host: x', 'Transfer-Encoding: chunked', '', '0x5', 'hello', '0', '', hidden],
  ],
  [
    'A47 GET with a body by length',
    400,
    ['GET /login HTTP/1.1', 'Host: x', `Content-Length: ${hidden.length}`, '', hidden],
  ],
  [
    'A47 GET with a chunked body',
    400,
    ['GET /login HTTP/1.1', 'Host: x', 'Transfer-Encoding: chunked', '', '5', 'hello', '0', '', ''],
  ],
  [
    'A47 HEAD with a body',
    400,
    ['HEAD /static/20k.css HTTP/1.1', 'Host: x', `Content-Length: ${hidden.length}`, '', hidden],
  ],
  ['A21 an absolute target', 400, ['GET http://panel/login HTTP/1.1', 'Host: x', '', '']],
  ['A21 TRACE', 405, ['TRACE /login HTTP/1.1', 'Host: x', '', '']],
  [
    'A21 an upgrade to a web socket',
    501,
    ['GET /login HTTP/1.1', 'Host: x', 'Connection: Upgrade', 'Upgrade: websocket', '', ''],
  ],
];

for (const [name, status, lines] of refusedAtOnce) {
  test(`${name} is refused with ${status}, and the connection ends`, async () => {
    assert.deepEqual(await attack(lines), [status]);
  });
}

test('A21 CONNECT gets nothing', async () => {
  assert.equal(await exchange(gateway.port, ['CONNECT panel:80 HTTP/1.1', 'Host: x', '', '']), '');
});

test('A47 a request hidden in the body of a login stays a body', async () => {
  const lines = ['POST /login HTTP/1.1', 'Host: x', `Content-Length: ${hidden.length}`, '', hidden];
  assert.deepEqual(await attack(lines), [200]);
});

test('a GET with a length of nothing is a GET', async () => {
  assert.deepEqual(await attack(['GET /login HTTP/1.1', 'Host: x', 'Content-Length: 0', '', '']), [200]);
});

test('A47 pipelined requests are each judged', async () => {
  const statuses = await attack(['GET /login HTTP/1.1', 'Host: x', '', '', ...HIDDEN]);
  assert.deepEqual(statuses, [200, 303]);
});

test('A22 a header named by Connection, one with an underscore and a forged address do not reach the panel', async () => {
  const names = ['Connection: x-auth, keep-alive', 'X-Auth: 1', 'X_Forwarded_For: 6.6.6.6', 'TE: trailers'];
  const forged = ['X-Forwarded-For: 6.6.6.6', 'Proxy-Authorization: x', 'Cookie: plain=1'];
  await exchange(gateway.port, ['GET /echo HTTP/1.1', 'Host: x', ...names, ...forged, '', ''], 500);
  const headers = panel.seen.at(-1)?.headers ?? {};
  assert.equal(headers['x-forwarded-for'], '127.0.0.1');
  for (const name of ['x-auth', 'x_forwarded_for', 'te', 'proxy-authorization'])
    assert.ok(!(name in headers), name);
});

test('A41 a head that is too large is refused with 431', async () => {
  const large = `X-Large: ${'a'.repeat(40_000)}`;
  assert.match(
    await exchange(gateway.port, ['GET /login HTTP/1.1', 'Host: x', large, '', '']),
    /^HTTP\/1\.1 431/,
  );
});

test('a client that waits for 100-continue gets it', async () => {
  const body = 'password=wrong';
  const head = [
    'POST /login HTTP/1.1',
    'Host: x',
    `Content-Length: ${body.length}`,
    'Expect: 100-continue',
    '',
    '',
  ];
  const client = new RawClient(gateway.port).send(...head);
  await client.until(/^HTTP\/1\.1 100/);
  await client.send(body).until(/HTTP\/1\.1 200/);
  client.socket.destroy();
  assert.equal(panel.seen.at(-1)?.headers.expect, undefined);
});
