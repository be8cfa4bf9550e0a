import assert from 'node:assert/strict';
import { client1 } from '../support/demo-people.js';
import { journeyTest } from '../support/journey-test.js';
import { shownData } from '../support/scan.js';

journeyTest('a user turns it on by scanning the picture and logs in', async ({ sitDown, javaScript }) => {
  const user = await sitDown(client1);
  const elsewhere = await sitDown(client1);
  await elsewhere.logIn();
  await user.logIn();
  await user.openSettings();
  assert.equal(await user.chosen(), 'None');
  await user.choose2fa();
  const phone = await user.scan();
  const data = await shownData(user.page);
  assert.equal(data.account, 'client1');
  assert.equal(data.issuer, 'Demo panel');
  assert.equal(data.digits, 6);
  assert.equal(data.period, 30);
  assert.match(await user.text(), /backs up its accounts to the cloud/);
  await user.picture('setup');

  await user.register('not-my-password', await phone.next());
  assert.match(await user.alert(), /password is wrong.*again/i);
  assert.equal((await shownData(user.page)).key, phone.key, 'a refused try keeps its key');
  await user.register(client1.password, phone.wrong());
  assert.match(await user.alert(), /code is wrong.*now/i);
  assert.deepEqual(await user.recoveryCodes(), []);

  await user.register(client1.password, await phone.next());
  const codes = await user.recoveryCodes();
  assert.equal(new Set(codes).size, 10);
  const registered = await user.text();
  assert.match(registered, /will not be shown again/);
  assert.match(registered, /Nothing is active yet/);
  for (const [role, name, needsScript] of [
    ['button', 'Copy', true],
    ['link', 'Download', false],
    ['button', 'Print', true],
  ] as const) {
    const seen = await user.page.getByRole(role, { name, exact: true }).isVisible();
    assert.equal(seen, javaScript || !needsScript, name);
  }
  await user.picture('recovery codes');

  await user.press('Save');
  assert.match(user.path, /^\/tools\/user_settings/, 'this session stays logged in');
  assert.match(await user.text(), /active since .*10 recovery codes left/);
  await user.picture('active');
  await elsewhere.open('/');
  assert.equal(elsewhere.path, '/2fa/login', 'every other session is asked for a code');
  await user.open('/');
  assert.match(await user.text(), /Welcome client1/);

  await user.logOut();
  await user.logIn();
  assert.equal(user.path, '/2fa/login');
  assert.equal(await user.page.locator('input[type=password], select').count(), 0);
  await user.picture('code page');
  await user.enterCode(await phone.next());
  assert.match(await user.text(), /Welcome client1/);
  assert.ok(await user.page.getByRole('button', { name: 'Logout client1' }).isVisible());
});

journeyTest('who leaves after registering finds nothing active and the same key', async ({ sitDown }) => {
  const user = await sitDown(client1);
  await user.logIn();
  await user.openSettings();
  await user.choose2fa();
  const phone = await user.scan();
  await user.register(client1.password, await phone.next());
  const first = await user.recoveryCodes();
  assert.equal(first.length, 10);

  await user.openSettings();
  assert.match(await user.text(), /Nothing is active yet/);
  assert.deepEqual(await user.recoveryCodes(), []);
  const again = await user.page.content();
  for (const code of first) assert.ok(!again.includes(code), 'the codes are shown once');
  assert.equal((await user.scan()).key, phone.key);
  const elsewhere = await sitDown(client1);
  await elsewhere.logIn();
  assert.match(await elsewhere.text(), /Welcome client1/, 'nobody is asked for a code');

  await user.register(client1.password, await phone.next());
  const newCodes = await user.recoveryCodes();
  assert.equal(newCodes.length, 10);
  await user.press('Save');
  await elsewhere.open('/');
  await elsewhere.enterCode(first[0] ?? '');
  assert.match(
    await elsewhere.alert(),
    /recovery code is not right/i,
    'codes that were replaced before Save',
  );
  await elsewhere.enterCode(newCodes[0] ?? '');
  assert.match(await elsewhere.text(), /Welcome client1/);
});

journeyTest('turning it off takes the password twice', async ({ sitDown }) => {
  const user = await sitDown(client1);
  await user.logIn();
  const { phone } = await user.enrol();
  await user.chooseNone(client1.password, 'something-else');
  await user.press('Save');
  assert.match(await user.alert(), /passwords do not match/i);
  await user.chooseNone('not-my-password');
  await user.press('Save');
  assert.match(await user.alert(), /password is wrong/i);
  await user.openSettings();
  assert.match(await user.text(), /active since/);
  await user.chooseNone(client1.password);
  await user.press('Save');
  assert.equal(await user.chosen(), 'None');
  assert.doesNotMatch(await user.text(), /active since/);
  await user.logOut();
  await user.logIn();
  assert.match(await user.text(), /Welcome client1/);

  await user.openSettings();
  await user.choose2fa();
  assert.notEqual((await user.scan()).key, phone.key, 'turned on again there is another key');
});
