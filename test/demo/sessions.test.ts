import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { Member } from '../support/client-journey.js';
import { Demo } from '../support/demo.js';
import { client2 } from '../support/demo-people.js';
import { elementsOf } from '../support/html-elements.js';
import { theForm } from '../support/html-forms.js';

const SESSION = 'demo-panel';

let demo: Demo;

before(async () => {
  demo = await Demo.start();
});
after(() => demo.stop());

test('the id of a session changes at login, a planted one stays worthless', async () => {
  const member = new Member(demo.url, client2);
  const planted = 'p'.repeat(43);
  member.cookies.set(SESSION, planted);
  assert.equal((await member.logIn()).status, 200);
  const first = member.cookies.get(SESSION);
  assert.ok(first);
  assert.notEqual(first, planted);
  const { name: username, password } = client2;
  assert.equal((await member.post('/login', { username, password })).location, '/');
  const next = member.cookies.get(SESSION);
  assert.notEqual(next, first, 'logging in again in the same session');

  const thief = new Member(demo.url, client2);
  for (const stale of [planted, first]) {
    thief.cookies.set(SESSION, stale);
    assert.match((await thief.get('/')).location ?? '', /^\/login/);
  }
  assert.equal((await member.get('/')).status, 200);
});

test('a logout ends the session, whoever else has its cookie', async () => {
  const member = new Member(demo.url, client2);
  const page = await member.logIn();
  const thief = new Member(demo.url, client2);
  thief.cookies.set(SESSION, member.cookies.get(SESSION));
  assert.equal((await thief.get('/')).status, 200);
  const token = elementsOf(page.body).find(({ attributes }) => attributes.name === 'csrf');
  const out = await member.post('/logout', { csrf: token?.attributes.value ?? '' });
  assert.equal(out.location, '/login');
  for (const who of [member, thief]) assert.match((await who.get('/')).location ?? '', /^\/login/);
});

test('Cancel at the code page ends the session, whoever else has its cookie', async () => {
  const member = new Member(demo.url, client2);
  await member.logIn();
  await member.enrol();
  const waiting = member.again();
  const page = await waiting.logIn();
  assert.equal(page.path, '/2fa/login');
  const thief = waiting.again();
  thief.cookies.set(SESSION, waiting.cookies.get(SESSION));
  assert.equal((await thief.get('/')).location, '/2fa/login');
  const cancelled = await waiting.post('/2fa/login/cancel', theForm(page.body).fields);
  assert.match(cancelled.location ?? '', /^\/login/);
  assert.match((await thief.get('/')).location ?? '', /^\/login/);
  assert.match((await thief.get('/2fa/login')).location ?? '', /^\/login/);
});
