import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Factor, keyOn, type Person, WRONG } from '../gateway/ispconfig/person.js';
import { alertIn } from '../support/client-journey.js';
import { code } from '../support/oathtool.js';
import type { Reply } from '../support/panel-client.js';
import { tokenOn } from './own-pages.js';
import type { Name, Site } from './site.js';
import { startSites } from './sites.js';

const GUESS = 'guessed-Passw0rd!';

/** The password alone is enough. */
async function assertNoFactor(site: Site, name: Name, password?: string): Promise<void> {
  await site.later();
  const somebody = site.person(name);
  somebody.password = password ?? somebody.password;
  await somebody.logIn();
  assert.equal(await somebody.nameInShell(), name);
}

/** Who holds the phone or the recovery codes gets in, and nobody without. */
async function assertLive(site: Site, name: Name, factor: Factor): Promise<void> {
  await site.person(name).wait();
  await site.person(name).enter(factor);
}

function assertRefused(reply: Reply, text: RegExp, status = 422): void {
  assert.match(alertIn(reply), text);
  assert.equal(reply.status, status);
}

for (const site of await startSites()) {
  test(`A29 ${site.name}: a stolen session enrols nobody without the password of now, nor by GET or from another origin`, async () => {
    const owner = site.person('client1');
    await owner.logIn();
    const thief = owner.thief();
    const page = await thief.begin();
    const proof = () => ({ code: code(keyOn(page)) });
    assertRefused(await thief.act('register', proof()), /Enter your current password/);
    assertRefused(await thief.act('register', { ...proof(), password: GUESS }), /password is wrong/);
    await site.changePassword('client1', 'fresh-Passw0rd!');
    const old = { ...proof(), password: owner.password };
    assertRefused(await thief.act('register', old), /password is wrong/);
    const right = { ...proof(), password: 'fresh-Passw0rd!' };

    const own = { twofa_csrf: await tokenOn(thief, '/2fa/settings') };
    for (const origin of ['http://evil.test', 'null', `${site.url}.evil.test`]) {
      const reply = await thief.post('/2fa/settings/register', { ...right, ...own }, { origin });
      assert.equal(reply.status, 403, origin);
    }
    const other = site.person('client2');
    await other.logIn();
    for (const twofa_csrf of ['', 'x', await tokenOn(other, '/2fa/settings')])
      assert.equal((await thief.act('register', { ...right, twofa_csrf })).status, 403);
    for (const act of ['begin', 'register', 'save', 'move', 'recovery-codes']) {
      const query = new URLSearchParams({ ...right, twofa_mode: '2fa' });
      assert.equal((await thief.get(`/2fa/settings/${act}?${query}`)).status, 405, act);
    }
    assertRefused(await thief.act('save', { twofa_mode: '2fa', ...right }), /Nothing is active yet/);

    for (let wrong = 3; wrong <= 5; wrong += 1)
      assertRefused(await thief.act('register', { ...proof(), password: GUESS }), /password is wrong/);
    assertRefused(await thief.act('register', right), /Too many wrong passwords/, 429);
    await assertNoFactor(site, 'client1', 'fresh-Passw0rd!');
  });

  test(`A30 ${site.name}: an active factor is not replaced without proof of the old and the new`, async () => {
    const owner = site.person('client2');
    const factor = await owner.enrol();
    const { password } = owner;
    assertRefused(await owner.act('begin', {}), /was changed in the meantime/);
    const registration = { password, code: code(factor.key) };
    assertRefused(await owner.act('register', registration), /time to register has run out/);
    await owner.act('save', { twofa_mode: '2fa' });
    assertRefused(await owner.act('move', { code: factor.nextCode }), /Enter your current password/);
    assertRefused(await owner.act('move', { password: GUESS, code: factor.nextCode }), /password is wrong/);
    assertRefused(await owner.act('move', { password }), /Enter the code/);
    assertRefused(await owner.act('move', { password, code: WRONG }), /code is wrong/);
    assert.doesNotMatch((await owner.get('/2fa/settings')).body, /otpauth|<svg/, 'no key was shown');
    await assertLive(site, 'client2', factor);

    const page = await owner.follow(await owner.act('move', { password, code: factor.recoveryCode }));
    const key = keyOn(page);
    assert.notEqual(key, factor.key);
    assertRefused(await owner.act('register', { password }), /Enter the code/);
    const oldCode = { code: code(factor.key) };
    assertRefused(await owner.act('register', oldCode), /code is wrong/, 422);
    assertRefused(await owner.act('save', { twofa_mode: '2fa' }), /Nothing is active yet/);
    assert.match((await owner.act('register', { code: code(key) })).body, /<li><code>/);
    const elsewhere = await site.person('client2').enter(factor);
    assertRefused(await elsewhere.act('register', { code: code(key) }), /time to register has run out/);
    await elsewhere.act('save', { twofa_mode: '2fa' });
    await assertLive(site, 'client2', factor);
  });

  test(`A31 ${site.name}: what is abandoned is nothing, two tabs end with one key, and no key comes from the client`, async () => {
    const [first, second] = [site.person('reseller1'), site.person('reseller1')];
    for (const tab of [first, second]) await tab.logIn();
    const abandoned = keyOn(await first.begin());
    assert.equal(keyOn(await first.begin()), abandoned, 'the same tab again');
    const { password } = first;
    await first.act('register', { password, code: code(abandoned) });
    assertRefused(await first.act('register', { password, code: code(abandoned) }), /already been used/);
    assert.equal((await first.act('save', { twofa_mode: 'none' })).status, 303);
    assertRefused(await first.act('save', { twofa_mode: '2fa' }), /Nothing is active yet/);
    await assertNoFactor(site, 'reseller1');

    const own = 'JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP';
    const planted = { secret: own, key: own, keyUri: `otpauth://totp/x?secret=${own}`, algorithm: 'SHA256' };
    const wishes = { ...planted, digits: '8', period: '300', window: '99', generation: 'x', id: '1' };
    const page = await first.follow(await first.act('begin', wishes));
    const key = keyOn(page);
    assert.notEqual(key, abandoned);
    assert.doesNotMatch(page.body, new RegExp(own));
    assert.match(page.body, /algorithm=SHA1&amp;digits=6&amp;period=30/);
    const plantedCode = { ...wishes, password, code: code(own) };
    assertRefused(await first.act('register', plantedCode), /code is wrong/);
    const late = await second.begin();
    assert.notEqual(keyOn(late), key, 'another session, another key');
    const lost = await second.act('register', { password, code: code(keyOn(late)) });
    const factor = await first.setUp(await first.get('/2fa/settings'));
    assert.equal((await second.submit(lost, { twofa_mode: '2fa' }, 'twofa-save')).location, '/2fa/login');
    assert.equal((await second.giveCode(code(keyOn(late), { at: Date.now() / 1000 + 30 }))).status, 422);
    assert.equal((await second.giveCode(factor.nextCode)).location, second.ways.home);
  });

  test(`A32 ${site.name}: turning off with no, a wrong or a guessed password is refused, limited and logged`, async () => {
    const owner = site.person('admin');
    const factor = await owner.enrol();
    const off = (somebody: Person, password: string, again = password) =>
      somebody.act('save', { twofa_mode: 'none', twofa_password: password, twofa_confirm: again });
    assertRefused(await off(owner, ''), /Enter your current password/);
    assertRefused(await off(owner, owner.password, 'another'), /do not match/);
    for (let wrong = 1; wrong <= 5; wrong += 1) assertRefused(await off(owner, GUESS), /password is wrong/);
    assertRefused(await off(owner, owner.password), /Too many wrong passwords/, 429);
    const second = await site.person('admin').enter(factor);
    for (let wrong = 1; wrong <= 5; wrong += 1) assertRefused(await off(second, GUESS), /password is wrong/);
    const third = await site.person('admin').enter(factor);
    assertRefused(await off(third, third.password), /Too many wrong passwords/, 429);
    await site.said(/factor\.disable-refused/);
    await assertLive(site, 'admin', factor);
    const waiting = await site.person('admin').wait();
    assert.equal(
      (await waiting.giveCode(factor.nextCode)).location,
      waiting.ways.home,
      'codes are not locked',
    );
    const pending = await site.person('admin').wait();
    assert.equal((await pending.post('/2fa/settings/save', { twofa_mode: 'none' })).status, 403);
  });

  test(`A32 ${site.name}: in a session from before a password change the old password turns nothing off`, async () => {
    const owner = site.person('client1');
    owner.password = 'fresh-Passw0rd!';
    const factor = await owner.enrol();
    await site.changePassword('client1', 'newest-Passw0rd!');
    assertRefused(await owner.turnOff(), /password is wrong/);
    const later = site.person('client1');
    later.password = 'newest-Passw0rd!';
    await later.enter(factor);
    owner.password = 'newest-Passw0rd!';
    assert.equal((await owner.turnOff()).status, 303);
    await site.said(/factor\.disabled/);
    await assertNoFactor(site, 'client1', 'newest-Passw0rd!');
  });
}
