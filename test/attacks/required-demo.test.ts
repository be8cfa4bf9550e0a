import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { alertIn, Member, phoneOf, seenIn } from '../support/client-journey.js';
import { Demo } from '../support/demo.js';
import { admin, client1, mbox, type Person, reseller1, second } from '../support/demo-people.js';

let demo: Demo;

before(async () => {
  demo = await Demo.start({ args: ['--require', 'admin,mailuser'] });
});
after(() => demo.stop());

const SET_UP = '/2fa/settings';
const codes = new Map<Person, string[]>();

for (const person of [admin, mbox]) {
  test(`A44 ${person.name}, who must have a factor, reaches nothing but its set-up until it is saved`, async () => {
    const member = new Member(demo.url, person);
    const landed = await member.logIn();
    assert.equal(landed.path, SET_UP);
    assert.match(seenIn(landed), /Set it up here to continue/);
    for (const path of [
      '/',
      '/login',
      '/tools/user_settings',
      '/mailuser/password',
      '/admin/users',
      '/nowhere',
    ]) {
      assert.equal((await member.get(path)).location, SET_UP, path);
    }
    for (const path of ['/2fa/accounts', '/2fa/accounts/user/3']) {
      assert.equal((await member.get(path)).location, SET_UP, path);
    }
    assert.equal((await member.post('/mailuser/password', { password: 'x' })).location, SET_UP);

    const { recoveryCodes } = await member.enrol();
    codes.set(person, recoveryCodes);
    assert.notEqual((await member.follow(await member.get('/'))).path, SET_UP);
    assert.doesNotMatch(seenIn(await member.get(SET_UP)), /Set it up here/);
    const again = member.again();
    assert.equal((await again.logIn()).path, '/2fa/login');
    const cleared = await again.follow(await again.enterCode(recoveryCodes[0] ?? ''));
    assert.doesNotMatch(cleared.path, /^\/2fa/);
  });
}

test('A44 a factor that is required cannot be turned off, whatever is posted, but moved and renewed', async () => {
  const member = new Member(demo.url, second);
  await member.logIn();
  const { phone } = await member.enrol();
  const page = await member.get(SET_UP);
  assert.match(page.body, /<option value="none" hidden>/);
  assert.match(seenIn(page), /2FA is required for your account/);
  const { password } = member.person;
  const fields = { ...(await member.setupFields()), twofa_mode: 'none' };
  const refused = await member.post('/2fa/settings/save', {
    ...fields,
    twofa_password: password,
    twofa_confirm: password,
  });
  assert.equal(refused.status, 422);
  assert.match(alertIn(refused), /required/);
  assert.match(await member.settings(), /10 recovery codes left/);

  const moved = await member.follow(
    await member.post('/2fa/settings/move', { ...fields, password, code: await phone.next() }),
  );
  const next = phoneOf(moved);
  const registered = await member.submit(moved, { code: await next.next() }, 'twofa-setup');
  assert.equal((await member.submit(registered, { twofa_mode: '2fa' }, 'twofa-save')).status, 303);
  assert.match(await member.settings(), /10 recovery codes left/);
});

test('A44 switched off by an admin, as for a lost phone, it has to be set up anew', async () => {
  const operator = new Member(demo.url, admin);
  await operator.logIn();
  await operator.enterCode(codes.get(admin)?.[1] ?? '');
  const own = '/2fa/accounts/user/1';
  const refused = await operator.submit(await operator.get(own), { twofa_enabled: '' }, 'twofa-account');
  assert.equal(refused.status, 422);
  assert.match(alertIn(refused), /required for your account/);
  const path = `/2fa/accounts/mailuser/${mbox.id}`;
  const proof = { twofa_password: admin.password, twofa_code: codes.get(admin)?.[2] ?? '' };
  const page = await operator.get(path);
  const saved = await operator.submit(page, { twofa_enabled: '', ...proof }, 'twofa-account');
  assert.equal(saved.location, path);
  assert.match(seenIn(await operator.get('/2fa/accounts?q=mbox')), /off, but required/);
  assert.equal((await new Member(demo.url, mbox).logIn()).path, SET_UP);
});

test('who need not have one is not asked', async () => {
  for (const person of [client1, reseller1]) {
    const member = new Member(demo.url, person);
    assert.equal((await member.logIn()).path, '/');
  }
});
