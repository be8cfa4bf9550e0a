import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { Member } from '../support/client-journey.js';
import { Demo } from '../support/demo.js';
import { admin, client1 } from '../support/demo-people.js';
import type { Reply } from '../support/panel-client.js';

let demo: Demo;

before(async () => {
  demo = await Demo.start();
});
after(() => demo.stop());

function assertHeaders({ headers, path, body }: Reply): void {
  const policy = headers.get('content-security-policy') ?? '';
  assert.match(policy, /default-src 'none'/, path);
  assert.match(policy, /script-src 'self'(;|$)/, path);
  assert.match(policy, /style-src 'self'(;|$)/, path);
  assert.match(policy, /frame-ancestors 'none'/, path);
  assert.match(policy, /base-uri 'none'/, path);
  assert.match(policy, /form-action 'self'/, path);
  assert.doesNotMatch(policy, /unsafe|\*|https?:/, path);
  assert.equal(headers.get('cache-control'), 'no-store', path);
  assert.equal(headers.get('referrer-policy'), 'same-origin', path);
  assert.equal(headers.get('x-frame-options'), 'DENY', path);
  assert.equal(headers.get('x-content-type-options'), 'nosniff', path);
  assert.doesNotMatch(body, /<script(?![^>]*\bsrc=)|<style|\sstyle=|\son[a-z]+=|javascript:/i, path);
}

test('every page carries the security headers and nothing inline', async () => {
  const member = new Member(demo.url, client1);
  assertHeaders(await member.get('/login'));
  await member.logIn();
  assertHeaders(await member.get('/'));
  assertHeaders(await member.get('/tools/user_settings'));
  const setup = await member.begin();
  assert.match(setup.body, /<svg/);
  assertHeaders(setup);
  assertHeaders(await member.get('/2fa/settings'));
  const refused = await member.submit(setup, { password: 'wrong', code: '1' }, 'twofa-setup');
  assert.equal(refused.status, 422);
  assertHeaders(refused);
  await member.enrol();
  assertHeaders(await member.get('/2fa/settings'));

  const waiting = member.again();
  assertHeaders(await waiting.logIn());
  const wrong = await waiting.enterCode('1');
  assert.equal(wrong.status, 422);
  assertHeaders(wrong);
  assertHeaders(await waiting.get('/'));
  assertHeaders(await waiting.post('/2fa/login', {}));
  assertHeaders(await waiting.get('/2fa/nothing'));

  const operator = new Member(demo.url, admin);
  await operator.logIn();
  for (const path of ['/2fa/accounts', '/2fa/accounts/user/3', '/admin/users', '/admin/users/3', '/nothing'])
    assertHeaders(await operator.get(path));
});

test('the cookies are for this site and for no script', async () => {
  const member = new Member(demo.url, client1);
  const { name: username, password } = member.person;
  const answer = await member.post('/login', { username, password });
  const [cookie = ''] = answer.setCookies.filter((line) => line.startsWith('demo-panel='));
  assert.match(cookie, /; httponly/i);
  assert.match(cookie, /; samesite=lax/i);
  assert.match(cookie, /; path=\/(;|$)/i);
});
