import assert from 'node:assert/strict';
import { beforeEach, test } from 'node:test';
import { WRONG } from '../gateway/ispconfig/person.js';
import { alertIn } from '../support/client-journey.js';
import { accounts } from '../support/ispconfig/accounts.js';
import { runProcess } from '../support/process.js';
import { inProject } from '../support/project.js';
import { tokenIn } from './own-pages.js';
import { startCountedSites } from './sites.js';

const { client1, client2 } = accounts;
const sites = await startCountedSites();
beforeEach(() => Promise.all(sites.map((site) => site.reset())));

for (const site of sites) {
  test(`A16 ${site.name}: a session id planted before the login opens nothing after it, waiting or cleared`, async () => {
    const factor = await site.person('client1').enrol();
    const attacker = site.person('client1');
    const { login, session } = attacker.ways;
    await attacker.get(login);
    const planted = attacker.cookies.get(session) ?? 'abcdefghijklmnopqrstuv0123';
    const victim = site.person('client1');
    victim.cookies.set(session, planted);
    attacker.cookies.set(session, planted);
    await victim.wait();
    assert.notEqual(victim.cookies.get(session), planted);
    const outside = async () => {
      assert.match((await attacker.get(attacker.home)).location ?? '', /^\/login/);
      assert.match((await attacker.get('/2fa/login')).location ?? '', /^\/login/, 'nor a code page');
    };
    await outside();
    assert.equal((await victim.giveCode(factor.recoveryCode)).location, victim.home);
    assert.equal(await victim.isInside(), true);
    await outside();
  });

  test(`A17 ${site.name}: the waiting login of one takes no code and no clearance of another, whoever is named`, async () => {
    const mine = await site.person('client1').enrol();
    const other = await site.person('client2').enrol();
    const insider = await site.person('client2').enter(other);
    const waiting = await site.person('client1').wait();
    const page = await waiting.get('/2fa/login');
    for (const more of [{}, { account: client2.name }, { accountId: String(client2.id), realm: 'user' }]) {
      const reply = await waiting.submit(page, { code: other.recoveryCodes[5] ?? '', ...more });
      assert.match(alertIn(reply), /recovery code is not right/);
    }
    assert.equal((await site.countsOf('client1')).failures, 0, 'recovery codes count for the login alone');
    assert.deepEqual(await site.countsOf('client2'), { failures: 0, lockedUntil: 0, used: 1 });
    const thief = await site.person('client1').wait();
    thief.cookies.set('panel-2fa', insider.cookies.get('panel-2fa'));
    assert.equal((await thief.get(thief.home)).location, '/2fa/login');
    const form = await insider.post('/2fa/login', { code: mine.recoveryCodes[5] ?? '' });
    assert.equal(form.setCookies.length, 0, 'a form of one session in another');
    assert.equal((await site.countsOf('client1')).used, 0);
    const strange = await (await site.person('client2').wait()).post('/2fa/login', {
      twofa_csrf: tokenIn(page),
      code: other.recoveryCode,
    });
    assert.equal(strange.status, 403, 'the token of one session in another');
  });

  test(`A18 ${site.name}: with a session of B open, a login as A who has 2FA is never inside as A`, async () => {
    const factor = await site.person('client1').enrol();
    const browser = site.person('client2');
    await browser.logIn();
    assert.equal(await browser.isInside(), true);
    const { name: username, password } = site.person('client1').account;
    await browser.post(site.loginForm, { username, password });
    const reply = await browser.get(browser.home);
    // A panel that ignores a second login leaves B inside.
    if (reply.status === 200) assert.doesNotMatch(reply.body, /client1/);
    else {
      assert.equal(reply.location, '/2fa/login');
      assert.match((await browser.get('/2fa/login')).body, /client1/);
      assert.equal((await browser.giveCode(factor.recoveryCode)).location, browser.home);
    }
  });

  test(`A19 ${site.name}: a user and a mail user of one id share no secret, no lock, no trust and no sealing`, async () => {
    const userFactor = await site.person('admin').enrol();
    const before = site.person('mbox');
    assert.equal(before.account.id, accounts.admin.id);
    await before.logIn();
    assert.equal(await before.isInside(), true, 'the factor of the other is none of his');
    const mailFactor = await site.person('mbox').enrol();
    const refused = async (code: string) =>
      assert.match(
        alertIn(await (await site.person('mbox').wait()).giveCode(code)),
        /code is (wrong|not right)/,
      );
    await refused(userFactor.nextCode);
    await refused(userFactor.recoveryCodes[9] ?? '');
    const trusted = await site.person('admin').enter(userFactor);
    const thief = await site.person('mbox').wait();
    thief.cookies.set('panel-2fa', trusted.cookies.get('panel-2fa'));
    assert.equal((await thief.get(thief.home)).location, '/2fa/login');
    await site.sql(`UPDATE twofa_user_secret SET failures = 50, locked_until = ${Date.now() + 600_000}`);
    assert.equal((await (await site.person('admin').wait()).giveCode(WRONG)).status, 429);
    await site.person('mbox').enter(mailFactor);
    const secret = "(SELECT sealed_secret FROM twofa_user_secret WHERE account_id = '%')";
    const id = String(accounts.admin.id);
    await site.sql(
      `UPDATE twofa_mail_user_secret SET sealed_secret = ${secret.replace('%', id)} WHERE account_id = '${id}'`,
    );
    const moved = await (await site.person('mbox').wait()).giveCode(userFactor.nextCode);
    assert.equal(moved.status, 503, 'a secret that was moved to the other does not open');
    assert.equal(moved.setCookies.length, 0);
  });

  test(`A20 ${site.name}: a renamed user keeps his factor, under the new name only`, async () => {
    const factor = await site.person('client1').enrol();
    await site.rename('client1', 'renamed');
    try {
      await site.person('client1', { name: 'renamed' }).enter(factor);
      const former = site.person('client1');
      await former.logIn();
      assert.equal(await former.isInside(), false);
    } finally {
      await site.rename('client1', client1.name);
    }
  });
}

test('A20 gateway: a user deleted and created again under his id: after the prune nothing of the old factor is left', async () => {
  const [, site] = sites;
  const { id } = accounts.reseller1;
  const old = await site.person('reseller1').enrol();
  const before = await site.person('reseller1').enter(old);
  const move = (from: number, to: number) =>
    site.panelSql(`UPDATE sys_user SET userid = ${to} WHERE userid = ${from}`);
  await move(id, 9_999);
  assert.equal(await before.isInside(), false, 'the session of who is gone');
  const command = [inProject('dist/cli.js'), 'prune', '--config', site.configFile ?? '', '--yes'];
  const { output } = await runProcess(process.execPath, command);
  assert.match(output, /1 forgotten\./);
  await move(9_999, id);
  await site.later();
  const newcomer = site.person('reseller1');
  // Logs in without a code.
  const mine = await newcomer.enrol();
  newcomer.cookies.set('panel-2fa', before.cookies.get('panel-2fa'));
  assert.equal((await newcomer.get(newcomer.home)).location, '/2fa/login', 'a clearance of the old factor');
  const waiting = await site.person('reseller1').wait();
  assert.match(alertIn(await waiting.giveCode(old.recoveryCode)), /recovery code is not right/);
  await site.person('reseller1').enter(mine);
});
