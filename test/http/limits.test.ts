import assert from 'node:assert/strict';
import { once } from 'node:events';
import { type IncomingMessage, request } from 'node:http';
import { after, test } from 'node:test';
import type { Account } from '../../src/core/account/account.js';
import { parallel } from '../contracts/parallel.js';
import { tempFolder } from '../support/temp-folder.js';
import { startTinyPanel } from './tiny-panel.js';

const accounts = ['1', '2', '3'].map(
  (id): Account => ({ realm: 'user', id, name: `user${id}`, role: 'client' }),
);
const panel = await startTinyPanel(tempFolder(), accounts);
after(() => panel.close());

function browser(index: number) {
  const cookie = panel.login(accounts[index] as Account);
  const get = (path: string) => fetch(panel.url + path, { headers: { cookie }, redirect: 'manual' });
  const post = async (act: string) => {
    const token = /name="twofa_csrf" value="([^"]+)"/.exec(await (await get('/2fa/settings')).text())?.[1];
    return fetch(`${panel.url}/2fa/settings/${act}`, {
      method: 'POST',
      body: new URLSearchParams({ twofa_csrf: token ?? '' }),
      headers: { cookie, origin: panel.url },
      redirect: 'manual',
    });
  };
  return { get, post };
}

test('A51 of one session 240 forms a minute are carried out; of another of the same account the next', async () => {
  const [one, own, other] = [browser(0), browser(0), browser(1)];
  const replies = await parallel(250, () => one.post('abandon'));
  const refused = replies.filter(({ status }) => status === 429);
  assert.equal(refused.length, 10);
  for (const reply of refused) {
    assert.ok(Number(reply.headers.get('retry-after')) > 0);
    assert.match(await reply.text(), /was not carried out/);
  }
  assert.equal((await own.post('abandon')).status, 303, 'whoever waits with the password stops no owner');
  assert.equal((await other.post('abandon')).status, 303);
});

test('A51 sixty QR codes a minute are drawn for one account; the next page has the data alone', async () => {
  const somebody = browser(2);
  assert.equal((await somebody.post('begin')).status, 303);
  const pages = await parallel(61, async () => (await somebody.get('/2fa/settings')).text());
  assert.equal(pages.filter((page) => /<svg/.test(page)).length, 60);
  const last = pages.find((page) => !/<svg/.test(page)) ?? '';
  assert.match(last, /drawn too often/);
  assert.match(last, /data-twofa-copy="[A-Z2-7]{32}"/);
});

test('A51 while sessions are slow to read, one address waits with 512 requests and another is not refused', async () => {
  const cookie = panel.login(accounts[0] as Account);
  const ask = async (localAddress: string): Promise<IncomingMessage> => {
    const asked = request(panel.url, { headers: { cookie }, agent: false, localAddress });
    const [reply] = (await once(asked.end(), 'response')) as [IncomingMessage];
    reply.resume();
    return reply;
  };
  let go = () => {};
  panel.pause = new Promise((resolve) => {
    go = resolve;
  });
  const early: IncomingMessage[] = [];
  const asked = Array.from({ length: 530 }, () => ask('127.0.0.1').then((reply) => early.push(reply)));
  const end = Date.now() + 10_000;
  while (early.length < 18 && Date.now() < end) await new Promise((resolve) => setTimeout(resolve, 10));
  assert.equal(early.length, 18);
  assert.ok(early.every(({ statusCode, headers }) => statusCode === 429 && headers['retry-after']));
  const other = ask('127.0.0.2');
  panel.pause = undefined;
  go();
  assert.equal((await other).statusCode, 200);
  await Promise.all(asked);
  assert.equal(early.filter(({ statusCode }) => statusCode === 200).length, 512);
});
