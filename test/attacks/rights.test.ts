import assert from 'node:assert/strict';
import { test } from 'node:test';
import { WRONG } from '../gateway/ispconfig/person.js';
import { alertIn } from '../support/client-journey.js';
import { isOver, pageOf, switchOff, tokenOn } from './own-pages.js';
import type { Name, Site } from './site.js';
import { startSites } from './sites.js';

async function assertLive(site: Site, name: Name): Promise<void> {
  await site.person(name).wait();
}

for (const site of await startSites()) {
  const theirs = await site.person('client1').enrol();

  test(`A33 ${site.name}: who is no admin gets nothing of the admin's pages, by whatever token and field`, async () => {
    const boss = site.person('admin');
    await boss.logIn();
    const foreign = await tokenOn(boss, pageOf('client1'));
    const client = await site.person('client1').enter(theirs);
    const [other, reseller] = [site.person('client2'), site.person('reseller1')];
    for (const somebody of [other, reseller]) await somebody.logIn();
    for (const somebody of [client, other, reseller]) {
      const pages = ['client1', 'client2', 'reseller1', 'admin'] as const;
      for (const path of ['/2fa/accounts', '/2fa/accounts?q=admin', ...pages.map(pageOf)]) {
        const reply = await somebody.get(path);
        assert.equal(reply.status, 403, path);
        assert.doesNotMatch(reply.body, /twofa_shown|mbox@/, path);
      }
      const own = await tokenOn(somebody, '/2fa/settings');
      for (const twofa_csrf of ['', own, foreign]) {
        const wish = { twofa_csrf, twofa_shown: 'active', twofa_password: somebody.password };
        const claims = { role: 'admin', actor: 'user:1', realm: 'user', id: '1' };
        assert.equal((await somebody.post(pageOf('client1'), { ...wish, ...claims })).status, 403);
      }
    }
    await assertLive(site, 'client1');
  });

  test(`A33 ${site.name}: an id in the body is nobody's; what counts is whose page and whose session it is`, async () => {
    const boss = site.person('admin');
    await boss.logIn();
    const named = { realm: 'user', id: '3', account: 'user:3', name: 'client1', generation: 'x' };
    const reply = await switchOff(boss, 'client2', { ...named, twofa_password: boss.password });
    assert.match(alertIn(reply), /changed in the meantime/, 'client2 has none');
    const twofa_csrf = await tokenOn(boss, pageOf('client2'));
    const moved = { twofa_csrf, twofa_shown: 'active', twofa_password: boss.password };
    assert.equal((await boss.post(pageOf('client1'), moved)).status, 403, 'the token of another page');
    const other = site.person('client2');
    await other.logIn();
    const proof = { twofa_password: other.password, twofa_confirm: other.password };
    await other.act('save', { twofa_mode: 'none', ...proof, ...named });
    for (const path of ['user/3%2F..%2F4', 'nobody/3', 'user/99', 'user/%27%20OR%201'])
      assert.ok([400, 404].includes((await boss.get(`/2fa/accounts/${path}`)).status), path);
    await assertLive(site, 'client1');
  });

  test(`A33 ${site.name}: an admin without his own step-up switches nobody off, and it holds in no other session`, async () => {
    const own = await site.person('admin').enrol();
    const waiting = await site.person('admin').wait();
    assert.equal((await waiting.get('/2fa/accounts')).location, '/2fa/login');
    await site.person('client2').enrol();
    const first = await site.person('admin').enter(own);
    const second = await site.person('admin').enter(own);
    const { password } = first;
    const tries: [Record<string, string>, RegExp][] = [
      [{}, /Enter your current password/],
      [{ twofa_password: 'guessed-Passw0rd!', twofa_code: own.nextCode }, /password is wrong/],
      [{ twofa_password: site.person('client1').password }, /password is wrong/],
      [{ twofa_password: password }, /Enter the code/],
      [{ twofa_password: password, twofa_code: WRONG }, /code is wrong/],
      [{ twofa_password: password, twofa_code: theirs.nextCode }, /code is wrong/],
    ];
    for (const [fields, text] of tries) {
      const reply = await switchOff(first, 'client1', fields);
      assert.match(alertIn(reply), text);
      assert.equal(reply.status, 422);
    }
    const proof = { twofa_password: password, twofa_code: own.recoveryCode };
    assert.equal((await switchOff(first, 'client2', proof)).location, pageOf('client2'));
    assert.match(alertIn(await switchOff(second, 'client1', {})), /Enter your current password/);
    await assertLive(site, 'client1');
    assert.equal((await switchOff(first, 'client1', {})).location, pageOf('client1'), 'his own holds');
  });

  test(`A33 ${site.name}: who is an admin no more is none at the next request`, async () => {
    await site.later();
    const boss = site.person('reseller1');
    await site.setRole('reseller1', 'admin');
    await boss.logIn();
    assert.equal((await boss.get('/2fa/accounts')).status, 200);
    await site.setRole('reseller1', 'client');
    // The session of ISPConfig says what he was when he logged in, and ends for it.
    for (const page of ['/2fa/accounts', pageOf('client1')]) {
      const reply = await boss.get(page);
      assert.ok(reply.status === 403 || isOver(reply), `${page}: ${reply.status}`);
    }
  });
}
