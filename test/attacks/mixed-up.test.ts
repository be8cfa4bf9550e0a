import assert from 'node:assert/strict';
import { beforeEach, test } from 'node:test';
import { WRONG } from '../gateway/ispconfig/person.js';
import { alertIn } from '../support/client-journey.js';
import { runProcess } from '../support/process.js';
import { inProject } from '../support/project.js';
import { type Besieged, besieged, nextSecond } from './besieged.js';

const targets = await besieged();
beforeEach(() => Promise.all(targets.map((target) => target.reset())));

for (const target of targets) {
  const { name, client1, client2, sameId, session } = target;

  test(`A16 ${name}: a session id planted before the login opens nothing after it, waiting or cleared`, async () => {
    const factor = await target.person(client1).enrol();
    const attacker = target.person(client1);
    await attacker.get(target.loginPath);
    const planted = attacker.cookies.get(session) ?? 'abcdefghijklmnopqrstuv0123';
    const victim = target.person(client1);
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

  test(`A17 ${name}: the waiting login of one takes no code and no clearance of another, whoever is named`, async () => {
    const mine = await target.person(client1).enrol();
    const other = await target.person(client2).enrol();
    const insider = await target.person(client2).enter(other);
    const waiting = await target.person(client1).wait();
    const page = await waiting.get('/2fa/login');
    for (const more of [{}, { account: client2.name }, { accountId: String(client2.id), realm: 'user' }]) {
      const reply = await waiting.submit(page, { code: other.recoveryCodes[5] ?? '', ...more });
      assert.match(alertIn(reply), /code is wrong/);
    }
    assert.equal((await target.factorOf(client1)).failures, 3);
    assert.deepEqual(await target.factorOf(client2), { failures: 0, lockedUntil: 0, used: 1 });
    const thief = await target.person(client1).wait();
    thief.cookies.set('panel-2fa', insider.cookies.get('panel-2fa'));
    assert.equal((await thief.get(thief.home)).location, '/2fa/login');
    const form = await insider.post('/2fa/login', { code: mine.recoveryCodes[5] ?? '' });
    assert.equal(form.setCookies.length, 0, 'a form of one session in another');
    assert.equal((await target.factorOf(client1)).used, 0);
    const token = /name="twofa_csrf" value="([^"]+)"/.exec(page.body)?.[1] ?? '';
    const strange = await (await target.person(client2).wait()).post('/2fa/login', {
      twofa_csrf: token,
      code: other.recoveryCode,
    });
    assert.equal(strange.status, 403, 'the token of one session in another');
  });

  test(`A18 ${name}: with a session of B open, a login as A who has 2FA is never inside as A`, async () => {
    const factor = await target.person(client1).enrol();
    const browser = target.person(client2);
    await browser.logIn();
    assert.equal(await browser.isInside(), true);
    const { name: username, password } = client1;
    await browser.post(target.name === 'demo' ? '/login' : '/login/index.php', { username, password });
    const reply = await browser.get(browser.home);
    // A panel that ignores a second login leaves B inside.
    if (reply.status === 200) assert.doesNotMatch(reply.body, /client1/);
    else {
      assert.equal(reply.location, '/2fa/login');
      assert.match((await browser.get('/2fa/login')).body, /client1/);
      assert.equal((await browser.giveCode(factor.recoveryCode)).location, browser.home);
    }
  });

  test(`A19 ${name}: a user and a mail user of one id share no secret, no lock, no trust and no sealing`, async () => {
    const [user, mailUser] = sameId;
    assert.equal(user.id, mailUser.id);
    const userFactor = await target.person(user).enrol();
    const before = target.person(mailUser);
    await before.logIn();
    assert.equal(await before.isInside(), true, 'the factor of the other is none of his');
    const mailFactor = await target.person(mailUser).enrol();
    const refused = async (code: string) =>
      assert.match(alertIn(await (await target.person(mailUser).wait()).giveCode(code)), /code is wrong/);
    await refused(userFactor.nextCode);
    await refused(userFactor.recoveryCodes[9] ?? '');
    const trusted = await target.person(user).enter(userFactor);
    const thief = await target.person(mailUser).wait();
    thief.cookies.set('panel-2fa', trusted.cookies.get('panel-2fa'));
    assert.equal((await thief.get(thief.home)).location, '/2fa/login');
    await target.sql(`UPDATE twofa_user_secret SET failures = 50, locked_until = ${Date.now() + 600_000}`);
    assert.equal((await (await target.person(user).wait()).giveCode(WRONG)).status, 429);
    await target.person(mailUser).enter(mailFactor);
    const secret = "(SELECT sealed_secret FROM twofa_user_secret WHERE account_id = '%')";
    const id = String(user.id);
    await target.sql(
      `UPDATE twofa_mail_user_secret SET sealed_secret = ${secret.replace('%', id)} WHERE account_id = '${id}'`,
    );
    const moved = await (await target.person(mailUser).wait()).giveCode(userFactor.nextCode);
    assert.equal(moved.status, 503, 'a secret that was moved to the other does not open');
    assert.equal(moved.setCookies.length, 0);
  });

  test(`A20 ${name}: a renamed user keeps his factor, under the new name only`, async () => {
    const factor = await target.person(client1).enrol();
    const rename = (to: string) =>
      target.panelSql(
        target.name === 'demo'
          ? `UPDATE panel_user SET name = '${to}' WHERE id = ${client1.id}`
          : `UPDATE sys_user SET username = '${to}' WHERE userid = ${client1.id}`,
      );
    await rename('renamed');
    try {
      await target.person({ ...client1, name: 'renamed' }).enter(factor);
      const former = target.person(client1);
      await former.logIn();
      assert.equal(await former.isInside(), false);
    } finally {
      await rename(client1.name);
    }
  });
}

test('A20 gateway: a user deleted and created again under his id: after the prune nothing of the old factor is left', async () => {
  const [, target] = targets as [Besieged, Besieged];
  const [user] = target.sameId;
  const old = await target.person(user).enrol();
  const before = await target.person(user).enter(old);
  const move = (from: number, to: number) =>
    target.panelSql(`UPDATE sys_user SET userid = ${to} WHERE userid = ${from}`);
  await move(user.id, 9_999);
  assert.equal(await before.isInside(), false, 'the session of who is gone');
  const command = [inProject('dist/cli.js'), 'prune', '--config', target.config, '--yes'];
  const { output } = await runProcess(process.execPath, command);
  assert.match(output, /1 forgotten\./);
  await move(9_999, user.id);
  await nextSecond();
  const newcomer = target.person(user);
  // Logs in without a code.
  const mine = await newcomer.enrol();
  newcomer.cookies.set('panel-2fa', before.cookies.get('panel-2fa'));
  assert.equal((await newcomer.get(newcomer.home)).location, '/2fa/login', 'a clearance of the old factor');
  const waiting = await target.person(user).wait();
  assert.match(alertIn(await waiting.giveCode(old.recoveryCode)), /code is wrong/);
  await target.person(user).enter(mine);
});
