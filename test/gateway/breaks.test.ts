import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { freePort } from '../support/free-port.js';
import { RawClient } from './raw.js';
import { startPlainGateway } from './start.js';
import { startUpstream } from './upstream.js';

const panel = await startUpstream();
const gateway = await startPlainGateway(panel.port, { upstreamSeconds: 1 });
const headers = { cookie: 'plain=1' };

after(async () => {
  await gateway.close();
  await panel.close();
});

async function until(what: string, holds: () => boolean): Promise<void> {
  const end = Date.now() + 3_000;
  while (!holds()) {
    assert.ok(Date.now() < end, `${what} did not happen`);
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}

/** The proof that nothing broken is left: twenty requests at once, each with its own answer. */
async function stillFine(): Promise<void> {
  const urls = Array.from({ length: 20 }, (_, i) => `/echo?n=${i}`);
  const answers = await Promise.all(
    urls.map(async (url) => (await (await fetch(gateway.url + url, { headers })).json()) as { url: string }),
  );
  assert.deepEqual(
    answers.map(({ url }) => url),
    urls,
  );
}

test('a panel that is down means 502 and a page', async () => {
  const alone = await startPlainGateway(await freePort());
  const reply = await fetch(`${alone.url}/page`, { headers });
  assert.equal(reply.status, 502);
  assert.match(await reply.text(), /is not responding/);
  const upload = await fetch(`${alone.url}/page`, { method: 'POST', headers, body: 'a'.repeat(2_000_000) });
  assert.equal(upload.status, 502);
  assert.match(await upload.text(), /is not responding/);
  await alone.close();
});

test('a panel that hangs up without an answer means 502', async () => {
  assert.equal((await fetch(`${gateway.url}/hangs-up`, { headers })).status, 502);
  await stillFine();
});

test('a panel that says nothing for too long means 504 and a page', async () => {
  const reply = await fetch(`${gateway.url}/silent`, { headers });
  assert.equal(reply.status, 504);
  assert.match(await reply.text(), /took too long/);
  await stillFine();
});

test('an answer that breaks off breaks the connection of the client', async () => {
  const reply = await fetch(`${gateway.url}/broken`, { headers });
  assert.equal(reply.status, 200);
  await assert.rejects(reply.text());
  await stillFine();
});

test('a client that goes away in a download ends it at the panel', async () => {
  const before = panel.aborted();
  const client = new RawClient(gateway.port);
  client.send('GET /download?bytes=500000000 HTTP/1.1', 'Host: x', 'Cookie: plain=1', '', '');
  await client.until(/200 OK/);
  client.socket.destroy();
  await until('the abort', () => panel.aborted() > before);
  await stillFine();
});

test('a client that goes away while the panel thinks ends the request', async () => {
  const before = panel.aborted();
  const client = new RawClient(gateway.port);
  client.send('GET /silent HTTP/1.1', 'Host: x', 'Cookie: plain=1', '', '');
  await until('the request', () => panel.seen.at(-1)?.url === '/silent');
  client.socket.destroy();
  await until('the abort', () => panel.aborted() > before);
  await stillFine();
});

test('a client that goes away in an upload ends it at the panel', async () => {
  const before = panel.aborted();
  const client = new RawClient(gateway.port);
  const part = 'a'.repeat(200_000);
  client.send('POST /upload HTTP/1.1', 'Host: x', 'Cookie: plain=1', 'Content-Length: 1000000', '', part);
  await until('the upload', () => panel.seen.at(-1)?.url === '/upload');
  client.socket.destroy();
  await until('the abort', () => panel.aborted() > before);
  await stillFine();
});

test('a client that sends less than it said does not leave its rest to the next request', async () => {
  const client = new RawClient(gateway.port);
  client.send('POST /upload HTTP/1.1', 'Host: x', 'Cookie: plain=1', 'Content-Length: 10', '', 'four');
  client.socket.end();
  assert.ok(!(await client.end(500)).includes('200 OK'));
  await stillFine();
});

test('an answer before the upload is over reaches the client, and the connection to the panel is not used again', async () => {
  const reply = await fetch(`${gateway.url}/early`, {
    method: 'POST',
    headers,
    body: 'a'.repeat(20_000_000),
  });
  assert.equal(reply.status, 413);
  assert.equal(await reply.text(), 'too much');
  await stillFine();
});

test('a gate that refuses an upload lets the client see it', async () => {
  const reply = await fetch(`${gateway.url}/upload`, {
    method: 'POST',
    body: 'a'.repeat(20_000_000),
    redirect: 'manual',
  });
  assert.equal(reply.status, 303);
});

test('HEAD, 204 and 304 have no body and leave the connection usable', async () => {
  const reply = await fetch(`${gateway.url}/page`, { method: 'HEAD', headers });
  assert.equal(reply.status, 200);
  assert.equal(await reply.text(), '');
  await stillFine();
});

test('a client that goes away while its page is being edited harms nobody', async () => {
  for (const path of ['/page?edit=150', '/big-page?bytes=900000&edit=150', '/latin-page?edit=150']) {
    const client = new RawClient(gateway.port);
    client.send(`GET ${path} HTTP/1.1`, 'Host: x', 'Cookie: plain=1', '', '');
    await until('the request', () => panel.seen.at(-1)?.url === path);
    await new Promise((resolve) => setTimeout(resolve, 50));
    client.socket.destroy();
    await new Promise((resolve) => setTimeout(resolve, 250));
  }
  await stillFine();
});

test('an edit that fails means an error page and nothing of the panel', async () => {
  const reply = await fetch(`${gateway.url}/page?fail=1`, { headers });
  assert.equal(reply.status, 500);
  assert.doesNotMatch(await reply.text(), /Grüße/);
  await stillFine();
});
