import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { RawClient } from './raw.js';
import { startPlainGateway } from './start.js';
import { startUpstream } from './upstream.js';

const panel = await startUpstream();
const gateway = await startPlainGateway(panel.port, { bodySeconds: 60 });
const request = (path: string, ...more: readonly string[]) =>
  [`GET ${path} HTTP/1.1`, 'Host: x', 'Cookie: plain=1', ...more, '', ''].join('\r\n');

after(async () => {
  await gateway.close();
  await panel.close();
});

test('A61 eight requests of one connection are under way at once; whoever sends more loses the connection', async () => {
  const silent = () => panel.seen.filter(({ url }) => url === '/silent').length;
  const eight = new RawClient(gateway.port).send(request('/silent').repeat(8));
  const more = new RawClient(gateway.port).send(request('/silent').repeat(9));
  await more.end();
  await delay(200);
  assert.deepEqual([eight.received, eight.socket.closed, more.received], ['', false, '']);
  const before = silent();
  const flood = new RawClient(gateway.port).send(request('/silent').repeat(20_000));
  await flood.end();
  assert.ok(silent() - before <= 8, `${silent() - before}`);
  eight.socket.destroy();
});

test('requests sent ahead, in any number, are answered in their order when no more than eight are open', async () => {
  const client = new RawClient(gateway.port);
  for (let sent = 8; sent <= 40; sent += 8) {
    client.send(request('/page').repeat(8));
    while (client.statuses.length < sent) await delay(5);
  }
  assert.ok(client.statuses.every((status) => status === 200));
  client.socket.destroy();
});

const UNFINISHED = [
  ['a form of the panel', '/upload', 64],
  ['a static file', '/static/x', 64],
  ['a form of ours', '/2fa/settings/begin', 128],
] as const;

for (const [what, path, most] of UNFINISHED)
  test(`A51 of one client ${most} bodies that are not whole are waited for: ${what}`, async () => {
    const send = (account: number) =>
      new RawClient(gateway.port).send(
        `POST ${path} HTTP/1.1`,
        'Host: x',
        `Cookie: plain=${account}`,
        `Origin: ${gateway.url}`,
        'Content-Type: application/x-www-form-urlencoded',
        'Content-Length: 9',
        '',
        'a=1',
      );
    const held = Array.from({ length: 140 }, (_, index) => send(1_000 + index));
    await delay(800);
    const refused = held.filter(({ statuses }) => statuses.includes(429)).length;
    for (const { socket } of held) socket.destroy();
    assert.equal(refused, 140 - most);
    await delay(100);
    const again = send(1);
    await delay(100);
    assert.deepEqual(again.statuses, [], 'who has gone has made room');
    again.socket.destroy();
  });
