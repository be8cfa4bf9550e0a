import assert from 'node:assert/strict';
import { beforeEach, test } from 'node:test';
import { parallel } from '../contracts/parallel.js';
import { type Person, WRONG } from '../gateway/ispconfig/person.js';
import { alertIn } from '../support/client-journey.js';
import type { PanelAccount } from '../support/ispconfig/accounts.js';
import type { Reply } from '../support/panel-client.js';
import { type Besieged, besieged } from './besieged.js';

const isOver = ({ status, location }: Reply) =>
  status >= 300 && status < 400 && /^\/login/.test(location ?? '');

const targets = await besieged();
beforeEach(() => Promise.all(targets.map((target) => target.reset())));

for (const target of targets) {
  const { name, client1, client2 } = target;
  const waiting = (count: number, account: PanelAccount = client1) =>
    parallel(count, () => target.person(account).wait());
  const set = (columns: string) => target.sql(`UPDATE twofa_user_secret SET ${columns}`);

  test(`A1 ${name}: of a thousand wrong codes in one pending login five are looked at`, async () => {
    const factor = await target.person(client1).enrol();
    const [attacker] = (await waiting(1)) as [Person];
    const page = await attacker.get('/2fa/login');
    for (let round = 0; round < 100; round += 1)
      await parallel(10, () => attacker.submit(page, { code: WRONG }));
    assert.equal((await target.factorOf(client1)).failures, 5);
    assert.ok(
      isOver(await attacker.submit(page, { code: factor.recoveryCode })),
      'the right one comes too late',
    );
    assert.ok(isOver(await attacker.get(attacker.home)), 'the password again');
  });

  test(`A2 ${name}: over fresh logins and addresses the account goes on counting, waits grow, a hundred is the end`, async () => {
    const factor = await target.person(client1).enrol();
    const guess = async (code = WRONG) => (await target.person(client1).wait()).giveCode(code);
    for (let login = 1; login <= 9; login += 1) {
      assert.equal((await guess()).status, 422, `login ${login}`);
    }
    const waits: number[] = [];
    for (let failures = 10; failures <= 13; failures += 1) {
      await guess();
      const row = await target.factorOf(client1);
      assert.equal(row.failures, failures);
      waits.push(row.lockedUntil - Date.now());
      assert.equal((await guess(factor.nextCode)).status, 429, 'in another login, from another address');
      assert.equal((await target.factorOf(client1)).failures, failures, 'and nothing was looked at');
      await set('locked_until = 1');
    }
    for (const [index, wait] of waits.entries())
      assert.ok(wait > (index === 0 ? 0 : (waits[index - 1] ?? 0)), waits.join());
    await set('failures = 98, locked_until = 1');
    for (const failures of [99, 100, 100, 100]) {
      await guess();
      assert.equal((await target.factorOf(client1)).failures, failures);
      await set('locked_until = 1');
    }
    assert.match(
      alertIn(await guess(factor.nextCode)),
      /Enter a recovery code, or ask an admin/,
      'not the right one',
    );
    await target.person(client1).enter(factor);
    assert.equal((await target.factorOf(client1)).failures, 0);
  });

  test(`A3 ${name}: fifty guesses at once at the last free attempt: one is looked at`, async () => {
    await target.person(client1).enrol();
    await set('failures = 9');
    const attackers = await waiting(10);
    const pages = await Promise.all(attackers.map((attacker) => attacker.get('/2fa/login')));
    const replies = await parallel(50, (index) => {
      const at = index % attackers.length;
      return (attackers[at] as Person).submit(pages[at] as Reply, { code: WRONG });
    });
    assert.equal((await target.factorOf(client1)).failures, 10);
    assert.ok(replies.some(({ status }) => status === 429));
  });

  test(`A4 ${name}: the right password again, and who is inside, clear no counter`, async () => {
    const inside = target.person(client1);
    await inside.enrol();
    const [attacker] = (await waiting(1)) as [Person];
    await attacker.giveCode(WRONG);
    await waiting(3);
    assert.ok(await inside.isInside());
    await target.person(client2).logIn();
    assert.equal((await target.factorOf(client1)).failures, 1);
  });

  test(`A5 ${name}: without the password nobody moves a counter, whatever he sends`, async () => {
    await target.person(client1).enrol();
    const victim = target.person(client1);
    const nobody = target.person({ ...client1, password: 'wrong' });
    for (let round = 0; round < 6; round += 1) {
      await nobody.logIn();
      const names = { username: client1.name, account: `user:${client1.id}`, twofa_csrf: 'x' };
      assert.ok(isOver(await nobody.post('/2fa/login', { code: WRONG, ...names })));
    }
    await target.person(client2).enrol();
    const [other] = (await waiting(1, client2)) as [Person];
    const page = await other.get('/2fa/login');
    for (const more of [{ account: client1.name }, { accountId: String(client1.id), realm: 'user' }])
      assert.equal((await other.submit(page, { code: WRONG, ...more })).status, 422);
    assert.equal((await target.factorOf(client1)).failures, 0);
    assert.equal((await target.factorOf(client2)).failures, 2, 'they count for whose session it is');
    await victim.wait();
  });

  test(`A6 ${name}: while locked right and wrong codes get the same answer, with the time left`, async () => {
    const factor = await target.person(client1).enrol();
    await set(`failures = 13, locked_until = ${Date.now() + 600_000}`);
    const right = factor.nextCode;
    const seen = new Set<string>();
    for (const code of [right, WRONG, factor.recoveryCodes[0] ?? '', '0000-0000-0000-0000']) {
      const [attacker] = (await waiting(1)) as [Person];
      const reply = await attacker.giveCode(code);
      assert.equal(reply.status, 429);
      assert.match(alertIn(reply), /try again in \d+ minutes/);
      seen.add(alertIn(reply).replace(/try again in .*/, ''));
    }
    assert.equal(seen.size, 1, [...seen].join('\n'));
    const row = await target.factorOf(client1);
    assert.deepEqual([row.failures, row.used], [13, 0]);
    await set('locked_until = 1');
    const [victim] = (await waiting(1)) as [Person];
    assert.equal((await victim.giveCode(right)).location, victim.home, 'it was not used up');
  });

  test(`A7 ${name}: addresses that a client makes up, and those of one network, are one bucket`, async () => {
    await target.person(client1).enrol();
    const [attacker] = (await waiting(1)) as [Person];
    const isTold = target.name === 'gateway';
    const made = ['10.9.8.7', '::ffff:10.0.0.9', "' OR 1", '127.0.0.1', '2001:db8::1'];
    for (const [index, address] of made.entries()) {
      // What the proxy saw stands last.
      const near = ['2001:db8:1:2::1', '2001:0DB8:1:2:ffff::2', '2001:db8:1:2:a:b:c:d'][index % 3];
      attacker.headers['x-forwarded-for'] = isTold ? `${address}, ${near}` : address;
      for (const header of ['x-real-ip', 'forwarded', 'client-ip', 'true-client-ip'])
        attacker.headers[header] = address;
      await attacker.giveCode(WRONG);
    }
    const buckets = await target.keys('bucket:login/address/*');
    const client = isTold ? '2001:db8:1:2::/64' : '127.0.0.1';
    assert.deepEqual(buckets, [`panel-2fa:bucket:login/address/${client}`]);
  });

  test(`A8 ${name}: six bad passwords from one client, and another client logs in`, async () => {
    await locksItself(target);
    const other = target.person(client1);
    await other.logIn();
    assert.ok(await other.isInside());
  });
}

/** Six failures of one client, each in a second of its own, as the panel counts. */
async function locksItself(target: Besieged): Promise<void> {
  const attacker = target.person({ ...target.client1, password: 'wrong' });
  for (let guess = 1; guess <= 6; guess += 1) {
    await attacker.logIn();
    if (target.name === 'gateway')
      await target.panelSql('UPDATE attempts_login SET login_time = login_time - INTERVAL 1 SECOND');
  }
  assert.equal(await attacker.isInside(), false);
}
