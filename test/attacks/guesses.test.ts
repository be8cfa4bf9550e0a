import assert from 'node:assert/strict';
import { beforeEach, test } from 'node:test';
import { parallel } from '../contracts/parallel.js';
import { type Person, WRONG } from '../gateway/ispconfig/person.js';
import { alertIn, seenIn } from '../support/client-journey.js';
import { accounts } from '../support/ispconfig/accounts.js';
import type { Reply } from '../support/panel-client.js';
import { isOver } from './own-pages.js';
import type { Name, Site } from './site.js';
import { secondTab, startCountedSites } from './sites.js';

const { client1 } = accounts;

const sites = await startCountedSites();
beforeEach(() => Promise.all(sites.map((site) => site.reset())));

for (const site of sites) {
  const waiting = (count: number, name: Name = 'client1') => parallel(count, () => site.person(name).wait());
  const set = (columns: string) => site.sql(`UPDATE twofa_user_secret SET ${columns}`);

  test(`A1 ${site.name}: of a thousand wrong codes in one pending login five are looked at`, async () => {
    const factor = await site.person('client1').enrol();
    const [attacker] = (await waiting(1)) as [Person];
    // At the other node, where there are two.
    const tab = secondTab(site, attacker);
    assert.equal(tab.origin !== attacker.origin, site.name === 'gateway');
    const page = await attacker.get('/2fa/login');
    for (let round = 0; round < 100; round += 1)
      await parallel(10, (index) =>
        (index % 2 === 0 ? attacker : tab).submit(page, { code: WRONG, guess: `${round}/${index}` }),
      );
    assert.equal((await site.countsOf('client1')).failures, 5);
    assert.ok(
      isOver(await attacker.submit(page, { code: factor.recoveryCode })),
      'the right one comes too late',
    );
    for (const somebody of [attacker, tab])
      assert.ok(isOver(await somebody.get(somebody.home)), 'the password again');
  });

  test(`A2 ${site.name}: over fresh logins and addresses the account goes on counting, waits grow, a hundred is the end`, async () => {
    const factor = await site.person('client1').enrol();
    const guess = async (code = WRONG) => (await site.person('client1').wait()).giveCode(code);
    for (let login = 1; login <= 9; login += 1) {
      assert.equal((await guess()).status, 422, `login ${login}`);
    }
    const waits: number[] = [];
    for (let failures = 10; failures <= 13; failures += 1) {
      await guess();
      const row = await site.countsOf('client1');
      assert.equal(row.failures, failures);
      waits.push(row.lockedUntil - Date.now());
      assert.equal((await guess(factor.nextCode)).status, 429, 'in another login, from another address');
      assert.equal((await site.countsOf('client1')).failures, failures, 'and nothing was looked at');
      await set('locked_until = 1');
    }
    for (const [index, wait] of waits.entries())
      assert.ok(wait > (index === 0 ? 0 : (waits[index - 1] ?? 0)), waits.join());
    await set('failures = 98, locked_until = 1');
    for (const failures of [99, 100, 100, 100]) {
      await guess();
      assert.equal((await site.countsOf('client1')).failures, failures);
      await set('locked_until = 1');
    }
    assert.match(
      alertIn(await guess(factor.nextCode)),
      /Enter a recovery code, or ask an admin/,
      'not the right one',
    );
    await site.person('client1').enter(factor);
    assert.equal((await site.countsOf('client1')).failures, 0);
  });

  test(`A3 ${site.name}: fifty guesses at once at the last free attempt: one is looked at`, async () => {
    await site.person('client1').enrol();
    await set('failures = 9');
    const attackers = await waiting(10);
    const pages = await Promise.all(attackers.map((attacker) => attacker.get('/2fa/login')));
    const replies = await parallel(50, (index) => {
      const at = index % attackers.length;
      return (attackers[at] as Person).submit(pages[at] as Reply, { code: WRONG, guess: String(index) });
    });
    assert.equal((await site.countsOf('client1')).failures, 10);
    assert.ok(replies.some(({ status }) => status === 429));
  });

  test(`A4 ${site.name}: the right password again, and who is inside, clear no counter`, async () => {
    const inside = site.person('client1');
    await inside.enrol();
    const [attacker] = (await waiting(1)) as [Person];
    await attacker.giveCode(WRONG);
    await waiting(3);
    assert.ok(await inside.isInside());
    await site.person('client2').logIn();
    assert.equal((await site.countsOf('client1')).failures, 1);
  });

  test(`A5 ${site.name}: without the password nobody moves a counter, whatever he sends`, async () => {
    await site.person('client1').enrol();
    const victim = site.person('client1');
    const nobody = site.person('client1');
    for (const password of ['wrong', '', client1.password.toUpperCase(), 'wrong', '', 'wrong']) {
      nobody.password = password;
      await nobody.logIn();
      const names = { username: client1.name, account: `user:${client1.id}`, twofa_csrf: 'x' };
      assert.ok(isOver(await nobody.post('/2fa/login', { code: WRONG, ...names })));
    }
    await site.person('client2').enrol();
    const [other] = (await waiting(1, 'client2')) as [Person];
    const page = await other.get('/2fa/login');
    for (const more of [{ account: client1.name }, { accountId: String(client1.id), realm: 'user' }])
      assert.equal((await other.submit(page, { code: WRONG, ...more })).status, 422);
    assert.equal((await site.countsOf('client1')).failures, 0);
    assert.equal((await site.countsOf('client2')).failures, 2, 'they count for whose session it is');
    await victim.wait();
  });

  test(`A6 ${site.name}: while locked right and wrong codes get the same answer, with the time left; a recovery code gets in`, async () => {
    const factor = await site.person('client1').enrol();
    await set(`failures = 13, locked_until = ${Date.now() + 600_000}`);
    const right = factor.nextCode;
    const seen = new Set<string>();
    for (const code of [right, WRONG, '000000', '12345678']) {
      const [attacker] = (await waiting(1)) as [Person];
      const reply = await attacker.giveCode(code);
      assert.equal(reply.status, 429);
      assert.match(alertIn(reply), /try again in (10|9) minutes, or enter a recovery code/);
      seen.add(seenIn(reply).replace(/\d+ (seconds?|minutes?)|(?<=next code: )\d+/g, 'N'));
      assert.equal((await attacker.get(attacker.home)).location, '/2fa/login');
    }
    assert.equal(seen.size, 1, [...seen].join('\n'));
    const row = await site.countsOf('client1');
    assert.deepEqual([row.failures, row.used], [13, 0]);
    const [victim] = (await waiting(1)) as [Person];
    for (const wrong of ['0000-0000-0000-0000', '0000-0000-0000-000'])
      assert.match(alertIn(await victim.giveCode(wrong)), /recovery code is not right/);
    assert.equal((await site.countsOf('client1')).failures, 13, 'wrong recovery codes lock nobody out');
    assert.equal((await victim.giveCode(factor.recoveryCode)).location, victim.home);
    assert.equal((await site.countsOf('client1')).failures, 0, 'a success ends the row and the lock');
    const [again] = (await waiting(1)) as [Person];
    assert.equal((await again.giveCode(right)).location, again.home, 'it was not used up');
  });

  test(`A7 ${site.name}: addresses that a client makes up, and those of one network, are one bucket`, async () => {
    await site.person('client1').enrol();
    const [attacker] = (await waiting(1)) as [Person];
    const isTold = site.name === 'gateway';
    const made = ['10.9.8.7', '::ffff:10.0.0.9', "' OR 1", '127.0.0.1, 10.0.0.1', '2001:db8::1'];
    for (const [index, address] of made.entries()) {
      // What the proxy saw stands last.
      const near = ['2001:db8:1:2::1', '2001:0DB8:1:2:ffff::2', '2001:db8:1:2:a:b:c:d'][index % 3];
      attacker.headers['x-forwarded-for'] = isTold ? `${address}, ${near}` : address;
      for (const header of ['x-real-ip', 'forwarded', 'client-ip', 'x-client-ip', 'true-client-ip'])
        attacker.headers[header] = address;
      await attacker.giveCode(WRONG);
    }
    const buckets = await site.keys('bucket:login/address/*');
    const client = isTold ? '2001:db8:1:2::/64' : '127.0.0.1';
    assert.deepEqual(buckets, [`panel-2fa:bucket:login/address/${client}`]);
  });

  test(`A8 ${site.name}: six bad passwords from one client, and another client logs in`, async () => {
    await locksItself(site);
    const other = site.person('client1');
    await other.logIn();
    assert.ok(await other.isInside());
  });
}

/** Six failures of one client, each in a second of its own, as the panel counts. */
async function locksItself(site: Site): Promise<void> {
  const attacker = site.person('client1', { password: 'wrong' });
  for (let guess = 1; guess <= 6; guess += 1) {
    await attacker.logIn();
    if (site.name === 'gateway')
      await site.panelSql('UPDATE attempts_login SET login_time = login_time - INTERVAL 1 SECOND');
  }
  assert.equal(await attacker.isInside(), false);
}
