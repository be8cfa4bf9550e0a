import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import type { Account } from '../../src/core/account/account.js';
import { code as oathtool } from '../support/oathtool.js';
import { PASSWORD, startTinyPanel, type TinyPanel } from './tiny-panel.js';

const user: Account = { realm: 'user', id: '7', name: 'client1', role: 'client' };
const mailUser: Account = { realm: 'mailuser', id: '7', name: 'box@example.test', role: 'mailuser' };
const admin: Account = { realm: 'user', id: '1', name: 'admin', role: 'admin' };

const spender: Account = { realm: 'user', id: '9', name: 'spender', role: 'client' };
/** Never a code, and counted as a wrong one. */
const WRONG = '1234567';

let folder: string;
let panel: TinyPanel;

before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'panel-2fa-journey-'));
  panel = await startTinyPanel(folder, [user, mailUser, admin, spender]);
});
after(async () => {
  await panel.close();
  await rm(folder, { recursive: true });
});

async function get(path: string, cookie: string) {
  const response = await fetch(panel.url + path, { headers: { cookie }, redirect: 'manual' });
  return { status: response.status, to: response.headers.get('location'), text: await response.text() };
}

async function post(path: string, cookie: string, fields: Record<string, string>, from = '/2fa/settings') {
  const page = await get(from, cookie);
  const twofa_csrf = /name="twofa_csrf" value="([^"]+)"/.exec(page.text)?.[1] ?? '';
  const response = await fetch(panel.url + path, {
    method: 'POST',
    headers: { cookie, origin: panel.url },
    body: new URLSearchParams({ twofa_csrf, ...fields }),
    redirect: 'manual',
  });
  const cleared = response.headers.getSetCookie().find((line) => line.startsWith('panel-2fa='));
  return {
    status: response.status,
    to: response.headers.get('location'),
    text: await response.text(),
    cookie: cleared ? `${cookie}; ${cleared.split(';')[0]}` : cookie,
  };
}

const login = (cookie: string, code: string) => post('/2fa/login', cookie, { code }, '/2fa/login');
const keyIn = (html: string) => /data-twofa-copy="([A-Z2-7]{32})"/.exec(html)?.[1] ?? '';
const codesIn = (html: string) =>
  [...html.matchAll(/<li><code>([^<]+)<\/code>/g)].map((match) => match[1] ?? '');
/** The code of the step before, of now (0) or after. */
const codeOf = (key: string, distance = 0) => oathtool(key, { at: Date.now() / 1000 + distance * 30 });

async function enrol(account: Account) {
  const cookie = panel.login(account);
  await post('/2fa/settings/begin', cookie, {});
  const key = keyIn((await get('/2fa/settings', cookie)).text);
  const registered = await post('/2fa/settings/register', cookie, {
    password: PASSWORD,
    code: codeOf(key, -1),
  });
  const saved = await post('/2fa/settings/save', cookie, { twofa_mode: '2fa' });
  return { key, recoveryCodes: codesIn(registered.text), cookie: saved.cookie };
}

const off = (cookie: string) =>
  post('/2fa/settings/save', cookie, {
    twofa_mode: 'none',
    twofa_password: PASSWORD,
    twofa_confirm: PASSWORD,
  });

test('an account without a factor passes, and nobody is sent to the login', async () => {
  assert.equal((await get('/', panel.login(user))).text, 'inside the panel');
  assert.deepEqual((({ status, to }) => ({ status, to }))(await get('/', '')), { status: 303, to: '/login' });
});

test('on, log in by code and by recovery code, and off again', async () => {
  const { key, recoveryCodes, cookie } = await enrol(user);
  assert.equal(recoveryCodes.length, 10);
  assert.equal((await get('/', cookie)).text, 'inside the panel', 'saving keeps this session');
  assert.match((await get('/2fa/settings', cookie)).text, /10 recovery codes left/);

  const waiting = panel.login(user);
  assert.equal((await get('/deep/page?x=1', waiting)).to, '/2fa/login');
  assert.equal((await get('/login', waiting)).to, '/2fa/login', 'not even public pages');
  const page = (await get('/2fa/login', waiting)).text;
  assert.doesNotMatch(page, /type="password"|<select/);
  const code = codeOf(key);
  const wrong = await login(waiting, '000000');
  assert.equal(wrong.status, 422);
  assert.match(wrong.text, /role="alert"[^>]*>The code is wrong/);
  const right = await login(waiting, ` ${code.slice(0, 3)} ${code.slice(3)}`);
  assert.equal(right.to, '/deep/page?x=1');
  assert.equal((await get('/', right.cookie)).text, 'inside the panel');

  const replay = panel.login(user);
  await get('/', replay);
  assert.match((await login(replay, code)).text, /already been used/, 'A9: the same code twice');
  const first = recoveryCodes[0] ?? '';
  const recovered = await login(replay, first.toLowerCase().replaceAll('-', ' '));
  assert.equal(recovered.to, '/');
  assert.match((await get('/2fa/settings', recovered.cookie)).text, /9 recovery codes left/);

  const again = panel.login(user);
  await get('/', again);
  assert.match(
    (await login(again, first)).text,
    /recovery code has already been used/,
    'A11: a recovery code twice',
  );

  assert.equal((await off(recovered.cookie)).status, 303);
  assert.equal((await get('/', panel.login(user))).text, 'inside the panel');
  assert.equal((await get('/', again)).to, '/login?notice=expired', 'A45: who waited has to log in again');
});

test('A1: after five wrong codes the panel session is ended', async () => {
  const { cookie } = await enrol(user);
  const attacker = panel.login(user);
  await get('/', attacker);
  for (let wrong = 1; wrong <= 4; wrong += 1) assert.equal((await login(attacker, '000000')).status, 422);
  assert.equal((await login(attacker, '000000')).to, '/login?notice=too-many-codes');
  assert.equal(panel.hasSession(attacker), false);
  await off(cookie);
});

test('A9: one code from two sessions at the same moment, one success', async () => {
  const { key, cookie } = await enrol(user);
  const both = [panel.login(user), panel.login(user)];
  for (const one of both) await get('/', one);
  const code = codeOf(key);
  const answers = await Promise.all(both.map((one) => login(one, code)));
  assert.deepEqual(answers.map(({ status }) => status).sort(), [303, 422]);
  await off(cookie);
});

test('A19: user 7 and mail user 7 have nothing to do with each other', async () => {
  const { cookie } = await enrol(user);
  assert.equal((await get('/', panel.login(mailUser))).text, 'inside the panel');
  await off(cookie);
});

test('A29: a wrong password, another origin, no token or a GET enrol nobody', async () => {
  const cookie = panel.login(mailUser);
  await post('/2fa/settings/begin', cookie, {});
  const key = keyIn((await get('/2fa/settings', cookie)).text);
  const code = codeOf(key);
  const wrong = await post('/2fa/settings/register', cookie, { password: 'guessed', code });
  assert.match(wrong.text, /role="alert"[^>]*>The password is wrong/);
  const noToken = await post('/2fa/settings/register', cookie, { twofa_csrf: '', password: PASSWORD, code });
  assert.equal(noToken.status, 403);
  const foreign = await fetch(`${panel.url}/2fa/settings/register`, {
    method: 'POST',
    headers: { cookie, origin: 'http://evil.test' },
    body: new URLSearchParams({ password: PASSWORD, code }),
  });
  assert.equal(foreign.status, 403);
  assert.equal((await get('/2fa/settings/register', cookie)).status, 405);
  assert.match((await get('/2fa/settings', cookie)).text, new RegExp(key), 'a refused try keeps its key');
  assert.equal((await get('/', panel.login(mailUser))).text, 'inside the panel');
});

test('an admin sees who has a factor and switches it off after a step-up, others are refused', async () => {
  const { cookie } = await enrol(user);
  const asAdmin = panel.login(admin);
  const path = '/2fa/accounts/user/7';
  assert.equal((await get('/2fa/accounts', cookie)).status, 403);
  assert.match((await get('/2fa/accounts', asAdmin)).text, /client1/);
  const unproven = await post(path, asAdmin, { twofa_shown: 'active' }, path);
  assert.match(unproven.text, /Enter your current password/);
  const proven = await post(path, asAdmin, { twofa_shown: 'active', twofa_password: PASSWORD }, path);
  assert.equal(proven.to, path);
  assert.equal((await get('/', panel.login(user))).text, 'inside the panel');
});

test('odd input gets a 4xx with a clear page', async () => {
  const cookie = panel.login(mailUser);
  const send = async (body: string, type = 'application/x-www-form-urlencoded') =>
    (
      await fetch(`${panel.url}/2fa/settings/register`, {
        method: 'POST',
        headers: { cookie, origin: panel.url, 'content-type': type },
        body,
      })
    ).status;
  assert.equal(await send('{"code":"1"}', 'application/json'), 415);
  assert.equal(await send(`code=${'1'.repeat(1_000_000)}`), 413);
  assert.equal(await send('twofa_csrf[]=1'), 400);
  assert.equal((await get('/2fa/nothing', cookie)).status, 404);
});

for (const path of ['/', '/2fa/login']) {
  test(`tries used up while the session could not be ended: ${path} ends it, and the login page says why`, async () => {
    const { key } = await enrol(spender);
    const cookie = panel.login(spender);
    assert.equal((await get('/', cookie)).to, '/2fa/login');
    panel.keepsSessions = true;
    try {
      for (let tries = 5; tries > 1; tries -= 1) assert.equal((await login(cookie, WRONG)).status, 422);
      assert.equal((await login(cookie, WRONG)).status, 500);
    } finally {
      panel.keepsSessions = false;
    }
    assert.ok(panel.hasSession(cookie));
    assert.equal((await get(path, cookie)).to, '/login?notice=too-many-codes');
    assert.equal(panel.hasSession(cookie), false);
    const again = panel.login(spender);
    await get('/', again);
    const { cookie: cleared } = await login(again, codeOf(key));
    assert.equal((await get('/', cleared)).text, 'inside the panel');
    await off(cleared);
  });
}
