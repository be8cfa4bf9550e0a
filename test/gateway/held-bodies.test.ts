import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { RawClient } from './raw.js';
import { startPlainGateway } from './start.js';
import { startUpstream } from './upstream.js';

const panel = await startUpstream();
const gateway = await startPlainGateway(panel.port, { bodySeconds: 4, loginsPerMinute: 3 });
/** More than the gate keeps back. */
const LARGE = 'x'.repeat(200_000);
let people = 0;

after(async () => {
  await gateway.close();
  await panel.close();
});

/** A session of its own, and how it is ended: by our own logout. */
async function session() {
  people += 1;
  const headers = { cookie: `plain=${people}`, origin: gateway.url };
  return {
    cookie: `Cookie: plain=${people}`,
    end: async () => {
      const { body } = await fetch(`${gateway.url}/2fa/settings`, { headers }).then(async (reply) => ({
        body: await reply.text(),
      }));
      const [, form = ''] = /action="\/2fa\/logout"([\s\S]*?)<\/form>/.exec(body) ?? [];
      const [, token = ''] = /name="twofa_csrf" value="([^"]+)"/.exec(form) ?? [];
      const fields = new URLSearchParams({ twofa_csrf: token });
      const init = { method: 'POST', headers, body: fields, redirect: 'manual' } as const;
      assert.equal((await fetch(`${gateway.url}/2fa/logout`, init)).status, 303);
    },
  };
}

function upload(cookie: string, length: number, ...sent: readonly string[]): RawClient {
  const client = new RawClient(gateway.port);
  return client.send('POST /upload HTTP/1.1', 'Host: x', cookie, `Content-Length: ${length}`, '', ...sent);
}

const uploads = () => panel.seen.filter(({ url }) => url === '/upload').length;

async function until(what: string, holds: () => boolean): Promise<void> {
  const end = Date.now() + 3_000;
  while (!holds()) {
    assert.ok(Date.now() < end, `${what} did not happen`);
    await delay(5);
  }
}

test('A68 of somebody who is not logged in the panel gets a body as a whole, or nothing', async (t) => {
  const gateway = await startPlainGateway(panel.port, { bodySeconds: 4, loginsPerMinute: 100 });
  t.after(() => gateway.close());
  const stranger = (length: number | undefined, ...sent: readonly string[]) => {
    const framing = length === undefined ? 'Transfer-Encoding: chunked' : `Content-Length: ${length}`;
    return new RawClient(gateway.port).send('POST /login HTTP/1.1', 'Host: x', framing, '', ...sent);
  };
  const logins = () => panel.seen.filter(({ url, method }) => url === '/login' && method === 'POST').length;
  const before = logins();
  const [slow, chunked] = [
    stranger(60_000, 'x'.repeat(59_999)),
    stranger(undefined, `ea60\r\n${'x'.repeat(60_000)}`, ''),
  ];
  const large = stranger(140_000, LARGE.slice(0, 100_000));
  const endless = stranger(undefined, `222e0\r\n${'x'.repeat(140_000)}`, '');
  assert.match(await large.until(/HTTP/), /^HTTP\/1\.1 413 /);
  assert.match(await endless.until(/HTTP/), /^HTTP\/1\.1 413 /);
  await delay(300);
  assert.equal(logins(), before, 'no worker of the panel waits for them');
  assert.match(await slow.send('x').until(/HTTP/), /^HTTP\/1\.1 (?:200|303) /);
  assert.match(await chunked.send('0', '', '').until(/HTTP/), /^HTTP\/1\.1 (?:200|303) /);
  assert.equal(logins(), before + 2);
  for (const path of ['/logout', '/static/20k.css']) {
    const elsewhere = new RawClient(gateway.port);
    elsewhere.send(`POST ${path} HTTP/1.1`, 'Host: x', 'Content-Length: 140000', '', LARGE.slice(0, 100_000));
    assert.match(await elsewhere.until(/HTTP/), /^HTTP\/1\.1 413 /, path);
    elsewhere.socket.destroy();
  }
  const late = stranger(60_000, 'x'.repeat(100));
  assert.match(await late.until(/HTTP/, 10_000), /^HTTP\/1\.1 408 /);
  for (const { socket } of [slow, chunked, large, endless, late]) socket.destroy();
});

test('A49 a form is kept back as a whole: the panel hears of it when it is complete, and by its length', async () => {
  const { cookie } = await session();
  const before = uploads();
  const client = upload(cookie, 60_000, 'x'.repeat(59_999));
  await delay(300);
  assert.equal(uploads(), before);
  assert.match(await client.send('x').until(/"bytes":/), /"bytes":60000,.*"length":"60000"/);
  client.socket.destroy();
});

test('A49 an upload that outlives its session is torn off at the panel with its connection', async () => {
  const { cookie, end } = await session();
  const [before, aborted] = [uploads(), panel.aborted()];
  const client = upload(cookie, LARGE.length, LARGE.slice(0, -1));
  await until('the upload', () => uploads() > before);
  await end();
  assert.equal(panel.aborted(), aborted);
  await client.send('x').until(/^HTTP\/1\.1 303[\s\S]*location: \/login/i);
  await until('the end at the panel', () => panel.aborted() === aborted + 1);
});

test('A49 while an upload goes on, no piece of it goes out on a decision older than a second', async () => {
  const { cookie, end } = await session();
  const [before, aborted] = [uploads(), panel.aborted()];
  const client = upload(cookie, 10 * LARGE.length, LARGE);
  await until('the upload', () => uploads() > before);
  await end();
  await delay(1_100);
  await client.send(LARGE).until(/^HTTP\/1\.1 303/);
  await until('the end at the panel', () => panel.aborted() === aborted + 1);
  await client.send(LARGE, LARGE).until(/./);
  client.socket.destroy();
});

test('A49 an upload of many small pieces arrives as it was', async () => {
  const { cookie } = await session();
  const client = new RawClient(gateway.port);
  client.send('POST /upload HTTP/1.1', 'Host: x', cookie, 'Transfer-Encoding: chunked', '', '');
  const text = 'abcdefg';
  for (let piece = 0; piece < 30_000; piece += 1) client.socket.write(`7\r\n${text}\r\n`);
  assert.match(await client.send('0', '', '').until(/"bytes":/), /"bytes":210000,/);
  client.socket.destroy();
});

test('A49 a login that is held is counted, and is a failed one when its time is over', async () => {
  const head = ['POST /login HTTP/1.1', 'Host: x', 'Content-Length: 14', ''];
  const logins = () => panel.seen.filter(({ method, url }) => method === 'POST' && url === '/login').length;
  const before = logins();
  const held = Array.from({ length: 3 }, () => new RawClient(gateway.port).send(...head, 'password=righ'));
  await delay(300);
  const other = new RawClient(gateway.port).send(...head, 'password=right');
  await delay(300);
  assert.deepEqual(other.statuses, [], 'it waits for those before it');
  for (const login of held) {
    const answer = await login.until(/^HTTP\/1\.1 408[\s\S]*<\/html>/);
    assert.match(answer, /did not (?:come|arrive) in time/);
  }
  await other.until(/^HTTP\/1\.1 429/);
  assert.equal(logins(), before);
  for (const client of [...held, other]) client.socket.destroy();
});

test('an upload that comes slowly and in time arrives; one that does not is told so', async () => {
  const { cookie } = await session();
  const slow = upload(cookie, LARGE.length, LARGE.slice(0, 190_000));
  const late = upload(cookie, LARGE.length, LARGE.slice(0, 190_000));
  await delay(1_500);
  await slow.send(LARGE.slice(190_000)).until(/"bytes":200000/);
  const aborted = panel.aborted();
  await late.until(/^HTTP\/1\.1 408/);
  await until('the end at the panel', () => panel.aborted() > aborted);
  for (const client of [slow, late]) client.socket.destroy();
});

const slow: readonly (readonly [piece: number, pauseMs: number])[] = [
  [100, 2],
  [500, 12],
  [1_400, 30],
  [16_000, 400],
  [65_536, 1_500],
  [65_537, 1_500],
  [1_400, 0],
  [65_536, 0],
];

test('a body over what is kept back arrives whole, in pieces of any size at any pace, with and without a length', async () => {
  const patient = await startPlainGateway(panel.port, { bodySeconds: 60 });
  const length = 70_000;
  const sent = async ([piece, pauseMs]: (typeof slow)[number], isChunked: boolean) => {
    const framing = isChunked ? 'Transfer-Encoding: chunked' : `Content-Length: ${length}`;
    const client = new RawClient(patient.port);
    client.send('POST /upload HTTP/1.1', 'Host: x', 'Cookie: plain=1', framing, '', '');
    for (let at = 0; at < length; at += piece) {
      const part = 'x'.repeat(Math.min(piece, length - at));
      client.send(isChunked ? `${part.length.toString(16)}\r\n${part}\r\n` : part);
      if (pauseMs > 0) await delay(pauseMs);
    }
    if (isChunked) client.send('0', '', '');
    const what = `${piece} bytes each ${pauseMs} ms${isChunked ? ', chunked' : ''}`;
    assert.match(await client.until(/"bytes":\d+/, 20_000), new RegExp(`"bytes":${length}\\b`), what);
    client.socket.destroy();
  };
  await Promise.all(slow.flatMap((pace) => [sent(pace, false), sent(pace, true)]));
  await patient.close();
});
