import assert from 'node:assert/strict';
import { tick } from '../support/admin-journey.js';
import type { Journey } from '../support/browser-journey.js';
import { admin, client2, mbox, second } from '../support/demo-people.js';
import { journeyTest } from '../support/journey-test.js';

journeyTest('the overview names both realms, searches, pages and switches off', async ({ sitDown }) => {
  const user = await sitDown(client2);
  await user.logIn();
  const { phone } = await user.enrol();
  const mailUser = await sitDown(mbox);
  await mailUser.logIn();
  const { phone: mailPhone } = await mailUser.enrol();
  await mailUser.logOut();
  await mailUser.logIn();
  await mailUser.enterCode(await mailPhone.next());

  const operator = await sitDown(admin);
  await operator.logIn();
  await operator.follow('System');
  await operator.follow('Two-factor authentication');
  await operator.picture('overview');
  assert.deepEqual(await cells(operator, 'client1'), ['client1', 'User', 'off', '', '', '']);
  assert.deepEqual(await cells(operator, second.name), [second.name, 'Mail user', 'off', '', '', '']);
  const [, realm, state, since, left, used] = await cells(operator, mbox.name);
  assert.deepEqual([realm, state, left], ['Mail user', 'on', '10']);
  for (const time of [since, used]) assert.match(time ?? '', /\d{4}/);
  assert.equal((await cells(operator, 'client2'))[2], 'on');
  const seen = await operator.page.content();
  for (const { key } of [phone, mailPhone]) assert.ok(!seen.includes(key));

  await operator.page.getByLabel('Per page').selectOption('5');
  await operator.press('Show');
  assert.match(await operator.text(), /Page 1 of 2, 6 accounts/);
  assert.equal(await operator.page.getByRole('row').count(), 6, 'five accounts and the head');
  await operator.followOnPage('Next');
  assert.match(await operator.text(), /Page 2 of 2, 6 accounts/);
  assert.equal(await operator.page.getByRole('row').count(), 2);
  await operator.page.getByLabel('Search').fill('mbox@');
  await operator.press('Show');
  assert.match(await operator.text(), /Page 1 of 1, 1 account/);

  await operator.followOnPage(mbox.name);
  await tick(operator).uncheck();
  await operator.field('Current password').fill('not-my-password');
  await operator.press('Save');
  assert.match(await operator.alert(), /password is wrong/i);
  await tick(operator).uncheck();
  await operator.field('Current password').fill(admin.password);
  await operator.press('Save');
  await operator.followOnPage('Back to all accounts');
  assert.equal((await cells(operator, mbox.name))[2], 'off');
  assert.equal((await cells(operator, 'client2'))[2], 'on');
  await mailUser.open('/2fa/accounts');
  assert.match(await mailUser.text(), /admins only/);

  async function cells(journey: Journey, name: string): Promise<string[]> {
    const row = journey.page.getByRole('row').filter({ hasText: name });
    return row.getByRole('cell').allInnerTexts();
  }
});
