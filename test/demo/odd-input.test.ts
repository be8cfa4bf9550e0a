import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { gzipSync } from 'node:zlib';
import { Member, seenIn } from '../support/client-journey.js';
import { Demo } from '../support/demo.js';
import { client1 } from '../support/demo-people.js';
import type { Reply } from '../support/panel-client.js';
import { ownPosts, PANEL_POSTS, sender } from '../support/posts.js';

const FORM = 'application/x-www-form-urlencoded';

let demo: Demo;

before(async () => {
  demo = await Demo.start();
  const owner = new Member(demo.url, client1);
  await owner.logIn();
  await owner.enrol();
});
after(() => demo.stop());

/** A 4xx with a page in plain words. */
function assertRefused(reply: Reply, what: string, statuses: readonly number[]): void {
  assert.ok(statuses.includes(reply.status), `${what}: ${reply.status}`);
  assert.match(reply.headers.get('content-type') ?? '', /text\/html/, what);
  assert.match(reply.body, /role="alert"[^>]*>[^<]{15,}</, what);
}

for (const post of [...ownPosts(), ...PANEL_POSTS]) {
  test(`POST ${post.path} refuses what is no form of a page`, async () => {
    const { member, tokens } = await sender(demo.url, post);
    assert.ok(post.path === '/login' || Object.keys(tokens).length > 0);
    const send = (body: string | Uint8Array, headers: Record<string, string> = {}) =>
      member.request(post.path, {
        method: 'POST',
        headers: { origin: demo.url, 'content-type': FORM, ...headers },
        body: body as BodyInit,
      });
    const form = (more: string) => `${new URLSearchParams(tokens)}&${more}`;

    for (const name of post.reads) {
      for (const odd of ['[]=1', '[a]=1', '=1&@=2']) {
        const fields = new URLSearchParams(tokens);
        fields.delete(name);
        const body = `${fields}&${odd
          .split('&')
          .map((part) => name + part.replace('@', ''))
          .join('&')}`;
        assertRefused(await send(body), `${name}${odd}`, [400, 403]);
      }
    }
    const json = JSON.stringify({ ...tokens, code: '123456', password: 'x' });
    assertRefused(await send(json, { 'content-type': 'application/json' }), 'JSON', [415]);
    assertRefused(await send(json, { 'content-type': 'text/plain' }), 'text', [415]);
    const multipart = `--x\r\ncontent-disposition: form-data; name="code"\r\n\r\n1\r\n--x--\r\n`;
    const boundary = { 'content-type': 'multipart/form-data; boundary=x' };
    assertRefused(await send(multipart, boundary), 'multipart', [415]);
    assertRefused(await send(form(`code=${'1'.repeat(1_000_000)}`)), '1 MB', [413]);
    assertRefused(await send(form('x=1&'.repeat(250_000))), '1 MB of fields', [413]);
    const bomb = gzipSync(`code=${'1'.repeat(1_000_000)}`);
    assertRefused(await send(bomb, { 'content-encoding': 'gzip' }), '1 MB packed', [400, 413, 415]);
    assertRefused(await send('a=1', { 'content-encoding': 'magic' }), 'unknown packing', [400, 415]);
    for (const body of ['%', '%ff=%zz&\0=\0', '&&&===', '__proto__=1&constructor[prototype][a]=1'])
      assertRefused(await send(body), body, post.path === '/login' ? [400, 403, 422] : [400, 403]);
    assertRefused(await send(`x${'[a]'.repeat(500)}=1`), 'deep', [400, 403, 422]);
  });

  test(`POST ${post.path} refuses what does not unpack`, async () => {
    const { member } = await sender(demo.url, post);
    for (const packing of ['gzip', 'deflate', 'br']) {
      const headers = { origin: demo.url, 'content-type': FORM, 'content-encoding': packing };
      const reply = await member.request(post.path, { method: 'POST', headers, body: 'not packed' });
      assertRefused(reply, packing, [400, 415]);
    }
  });

  test(`POST ${post.path} refuses other origins and wrong tokens`, async () => {
    const { member, tokens } = await sender(demo.url, post);
    const foreign = ['null', 'http://evil.test', `${demo.url}.evil.test`, demo.url.replace('http', 'https')];
    for (const origin of [...foreign, `http://127.0.0.1:${demo.port + 1}`, 'http://127.0.0.1'])
      assertRefused(await member.post(post.path, tokens, { origin }), origin, [403]);
    for (const site of ['cross-site', 'same-site']) {
      const headers = { origin: '', 'sec-fetch-site': site };
      assertRefused(await member.post(post.path, tokens, headers), `no Origin, ${site}`, [403]);
    }
    if (post.path === '/login') return;
    const stranger = await sender(demo.url, post);
    const token =
      Object.keys(tokens).includes('twofa_csrf') && post.path.startsWith('/2fa') ? 'twofa_csrf' : 'csrf';
    assert.ok(tokens[token]);
    for (const wrong of ['', 'x', stranger.tokens[token] ?? '', tokens[token]?.slice(0, -1) ?? '']) {
      assert.notEqual(wrong, tokens[token]);
      assertRefused(await member.post(post.path, { ...tokens, [token]: wrong }), `token ${wrong}`, [403]);
    }
  });

  test(`${post.path} refuses other methods`, async () => {
    const { member } = await sender(demo.url, post);
    // Who is not logged in is sent to the login page by whatever method he comes.
    if (post.path === '/login') await member.logIn();
    for (const method of ['PUT', 'PATCH', 'DELETE']) {
      const reply = await member.request(post.path, { method, headers: { origin: demo.url } });
      assertRefused(reply, method, [404, 405]);
    }
  });
}

test('nothing of all that spent a try of who waits at the code page', async () => {
  const member = new Member(demo.url, client1);
  const page = await member.logIn();
  assert.equal(page.path, '/2fa/login');
  const csrf = /name="twofa_csrf" value="([^"]+)"/.exec(page.body)?.[1] ?? '';
  assert.equal((await member.post('/2fa/login', { twofa_csrf: csrf }, { origin: 'null' })).status, 403);
  assert.equal((await member.post('/2fa/login', { twofa_csrf: 'x', code: '1' })).status, 403);
  assert.match(seenIn(await member.get('/2fa/login')), /5 tries/);
});
