import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { alertIn, Member, seenIn } from '../support/client-journey.js';
import { Demo } from '../support/demo.js';
import { admin, client1, client2, reseller1 } from '../support/demo-people.js';
import { fieldsOf, formsOf } from '../support/html-forms.js';

let demo: Demo;

before(async () => {
  demo = await Demo.start();
});
after(() => demo.stop());

/** Logs in as somebody else, from the page with the button. */
async function become(member: Member, id: string, from: string): Promise<void> {
  const form = formsOf((await member.get(from)).body).find(({ action }) => action === `/login_as/${id}`);
  assert.ok(form, `a button on ${from}`);
  assert.equal((await member.post(`/login_as/${id}`, form.fields)).status, 303);
}

test('who is logged in as somebody else sets up, changes and saves nothing of his', async () => {
  const operator = new Member(demo.url, admin);
  await operator.logIn();
  await become(operator, client2.id, '/admin/users/4');
  const page = await operator.get('/tools/user_settings');
  assert.match(seenIn(page), /not active for this account\. Only its owner can change it/);
  const { twofa_csrf = '' } = await operator.setupFields();
  for (const act of ['begin', 'register', 'recovery-codes', 'move']) {
    const fields = { twofa_csrf, password: client2.password, code: '123456' };
    const reply = await operator.post(`/2fa/settings/${act}`, fields);
    assert.equal(reply.status, 422, act);
    assert.match(alertIn(reply), /logged in as somebody else/, act);
  }
  await operator.post('/2fa/settings/save', { twofa_csrf, twofa_mode: '2fa' });
  assert.doesNotMatch((await operator.get('/2fa/settings')).body, /<svg|[A-Z2-7]{32}/, 'no key is shown');
  const owner = new Member(demo.url, client2);
  assert.equal((await owner.logIn()).path, '/', 'nothing was switched on');
});

test('while impersonating a factor is not switched off either', async () => {
  const owner = new Member(demo.url, client1);
  await owner.logIn();
  await owner.enrol();
  const operator = new Member(demo.url, admin);
  await operator.logIn();
  await become(operator, client1.id, '/admin/users/3');
  const { twofa_csrf = '' } = await operator.setupFields();
  for (const { password } of [client1, admin]) {
    const proof = { twofa_mode: 'none', twofa_password: password, twofa_confirm: password };
    await operator.post('/2fa/settings/save', { twofa_csrf, ...proof });
  }
  assert.match(await owner.settings(), /10 recovery codes left/);
});

test('an admin who posts a tick switches nothing on', async () => {
  const operator = new Member(demo.url, admin);
  await operator.logIn();
  const path = '/2fa/accounts/user/4';
  const page = await operator.get(path);
  const fields = fieldsOf(page.body, 'twofa-account');
  for (const shown of ['off', 'active']) {
    const forged = { twofa_shown: shown, twofa_enabled: '1', twofa_password: admin.password };
    await operator.post(path, { ...fields, ...forged });
  }
  assert.equal((await new Member(demo.url, client2).logIn()).path, '/');
});

test('a reseller who logs in as a client is asked for his own code, not for the client’s', async () => {
  const owner = new Member(demo.url, client1);
  assert.equal((await owner.logIn()).path, '/2fa/login', 'the client has a factor');
  const reseller = new Member(demo.url, reseller1);
  await reseller.logIn();
  await reseller.enrol();
  await become(reseller, client1.id, '/');
  const page = await reseller.get('/');
  assert.equal(page.status, 200, 'cleared by his own factor');
  assert.match(seenIn(page), /logged in as client1/);
  const waiting = reseller.again();
  assert.equal((await waiting.logIn()).path, '/2fa/login');
  assert.equal((await waiting.get('/')).location, '/2fa/login');
  assert.equal((await waiting.post('/login_as/3', {})).location, '/2fa/login', 'nothing before his code');
});
