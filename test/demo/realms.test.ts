import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { alertIn, Member } from '../support/client-journey.js';
import { Demo } from '../support/demo.js';
import { admin, client1, second } from '../support/demo-people.js';
import { fieldsOf } from '../support/html-forms.js';

let demo: Demo;

before(async () => {
  demo = await Demo.start();
});
after(() => demo.stop());

test('user 3 and mail user 3 share no factor, no clearance and no lock', async () => {
  assert.equal(client1.id, second.id);
  const user = new Member(demo.url, client1);
  const mailUser = new Member(demo.url, second);
  for (const member of [user, mailUser]) await member.logIn();
  const { phone } = await user.enrol();
  assert.doesNotMatch(await mailUser.settings(), /recovery codes left/, 'no factor of the other');
  assert.equal((await mailUser.again().logIn()).path, '/mailuser/overview');

  const { phone: mailPhone, recoveryCodes } = await mailUser.enrol();
  assert.notEqual(mailPhone.key, phone.key);
  const waiting = mailUser.again();
  assert.equal((await waiting.logIn()).path, '/2fa/login');
  assert.match(alertIn(await waiting.enterCode(await phone.next())), /code is wrong/i, 'a code of the other');

  const thief = mailUser.again();
  await thief.logIn();
  const clearance = user.cookies.get('panel-2fa');
  assert.ok(clearance);
  thief.cookies.set('panel-2fa', clearance);
  assert.equal((await thief.get('/mailuser/overview')).location, '/2fa/login', 'a clearance of the other');

  await lock(user);
  const unlocked = mailUser.again();
  await unlocked.logIn();
  assert.equal((await unlocked.get('/2fa/login')).status, 200);
  assert.equal((await unlocked.enterCode(await mailPhone.next())).location, '/mailuser/overview');
  const byRecoveryCode = mailUser.again();
  await byRecoveryCode.logIn();
  assert.equal((await byRecoveryCode.enterCode(recoveryCodes[0] ?? '')).location, '/mailuser/overview');

  /** Ten wrong codes in a row, over as many logins as that takes. */
  async function lock(member: Member): Promise<void> {
    for (let login = 1; login <= 2; login += 1) {
      const attacker = member.again();
      await attacker.logIn();
      for (let wrong = 1; wrong <= 5; wrong += 1) await attacker.enterCode(phone.wrong());
    }
    const attacker = member.again();
    await attacker.logIn();
    assert.match(alertIn(await attacker.get('/2fa/login')), /Too many wrong codes/);
  }
});

test('switched off for one, it stays on for the other', async () => {
  const user = new Member(demo.url, client1);
  const mailUser = new Member(demo.url, second);
  assert.equal((await user.logIn()).path, '/2fa/login');
  assert.equal((await mailUser.logIn()).path, '/2fa/login', 'both have a factor by now');
  const operator = new Member(demo.url, admin);
  await operator.logIn();
  const path = '/2fa/accounts/mailuser/3';
  const page = await operator.get(path);
  const { twofa_enabled: _ticked, ...fields } = fieldsOf(page.body, 'twofa-account');
  assert.equal(fields.twofa_shown, 'active');
  const saved = await operator.post(path, { ...fields, twofa_password: admin.password });
  assert.equal(saved.location, path);
  assert.equal((await mailUser.again().logIn()).path, '/mailuser/overview');
  assert.equal((await user.again().logIn()).path, '/2fa/login');
});
