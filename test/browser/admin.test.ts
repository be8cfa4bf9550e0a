import assert from 'node:assert/strict';
import { openUser, tick } from '../support/admin-journey.js';
import { admin, client1 } from '../support/demo-people.js';
import { journeyTest } from '../support/journey-test.js';

journeyTest('an admin switches off a user: tick, untick, password', async ({ sitDown }) => {
  const operator = await sitDown(admin);
  await operator.logIn();
  await openUser(operator, 'client1');
  assert.equal(await tick(operator).isChecked(), false);
  assert.ok(await tick(operator).isDisabled(), 'an admin cannot switch it on');
  assert.match(await operator.text(), /Only the user can turn 2FA on/);

  const user = await sitDown(client1);
  await user.logIn();
  const { phone, recoveryCodes } = await user.enrol();
  const waiting = await sitDown(client1);
  await waiting.logIn();
  assert.equal(waiting.path, '/2fa/login');

  await openUser(operator, 'client1');
  assert.ok(await tick(operator).isChecked());
  const seen = await operator.page.content();
  for (const secret of [phone.key, ...recoveryCodes]) assert.ok(!seen.includes(secret));
  assert.equal(await operator.field('Current password').count(), 0, 'nothing is asked while it stays ticked');
  await operator.press('Save');
  await openUser(operator, 'client1');
  assert.ok(await tick(operator).isChecked(), 'saved ticked it stays on');

  await tick(operator).uncheck();
  await operator.picture('admin step-up');
  await operator.field('Current password').fill('not-my-password');
  await operator.press('Save');
  assert.match(await operator.alert(), /password is wrong/i);
  await openUser(operator, 'client1');
  assert.ok(await tick(operator).isChecked(), 'a wrong password switches nothing off');
  await tick(operator).uncheck();
  assert.equal(await operator.field('Code').count(), 0, 'an admin without a factor has no code');
  await operator.field('Current password').fill(admin.password);
  await operator.press('Save');
  assert.equal(await tick(operator).isChecked(), false);

  await waiting.open('/');
  assert.match(waiting.path, /^\/login/, 'who waited for the code has to log in again');
  await waiting.logIn();
  assert.match(await waiting.text(), /Welcome client1/);
});

journeyTest('an admin with a factor of his own shows a code of it too', async ({ sitDown }) => {
  const user = await sitDown(client1);
  await user.logIn();
  const { phone: theirs } = await user.enrol();
  const operator = await sitDown(admin);
  await operator.logIn();
  const { phone, recoveryCodes } = await operator.enrol();

  await openUser(operator, 'client1');
  await tick(operator).uncheck();
  await operator.field('Current password').fill(admin.password);
  await operator.press('Save');
  assert.match(await operator.alert(), /Enter the code/);
  await tick(operator).uncheck();
  await operator.field('Current password').fill(admin.password);
  await operator.field('Code').fill(await theirs.next());
  await operator.press('Save');
  assert.match(await operator.alert(), /code is wrong/i, 'a code of somebody else');
  await tick(operator).uncheck();
  await operator.field('Current password').fill(admin.password);
  await operator.field('Code').fill(await phone.next());
  await operator.press('Save');
  assert.equal(await tick(operator).isChecked(), false);
  await operator.logOut();
  await operator.logIn();
  await operator.enterCode(recoveryCodes[0] ?? '');
  assert.match(await operator.text(), /Welcome admin/);
});

journeyTest('logged in as a client an admin sees the state and changes nothing', async ({ sitDown }) => {
  const user = await sitDown(client1);
  await user.logIn();
  const { phone } = await user.enrol();
  const operator = await sitDown(admin);
  await operator.logIn();
  await openUser(operator, 'client1');
  await operator.press('Login as');
  assert.match(await operator.text(), /logged in as client1/);
  await operator.openSettings();
  assert.match(await operator.text(), /active for this account\. Only its owner can change it/);
  assert.equal(await operator.mode.count(), 0);
  assert.ok(!(await operator.page.content()).includes(phone.key));
  await operator.press('Return to admin');
  assert.match(await operator.text(), /Welcome admin/);

  await openUser(operator, 'client2');
  await operator.press('Login as');
  await operator.openSettings();
  assert.match(await operator.text(), /not active for this account\. Only its owner can change it/);
  assert.equal(await operator.mode.count(), 0);
  await operator.press('Return to admin');
});
