import assert from 'node:assert/strict';
import { hasFocus, tabTo, waitForFocus } from '../support/accessibility.js';
import { client1 } from '../support/demo-people.js';
import { scriptedTest } from '../support/journey-test.js';

scriptedTest('without a mouse: log in, turn it on, log in with a code', async ({ sitDown }) => {
  const user = await sitDown(client1);
  const { page } = user;
  const { keyboard } = page;
  const link = (name: string) => page.getByRole('link', { name, exact: true }).first();
  const button = (name: string) => page.getByRole('button', { name, exact: true });
  const leads = (press: Promise<void>) => Promise.all([page.waitForNavigation(), press]);

  await user.open('/login');
  await logInByKeys();
  await tabTo(page, link('Tools'));
  await leads(keyboard.press('Enter'));

  await tabTo(page, user.mode);
  await keyboard.press('2');
  await page.getByRole('img', { name: /QR code/ }).waitFor();
  const phone = await user.scan();
  await tabTo(page, user.field('Current password'));
  await keyboard.type(client1.password);
  await tabTo(page, user.field('Code'));
  await keyboard.type(phone.wrong());
  await keyboard.press('Enter');
  await page.getByRole('alert').waitFor();
  assert.ok(await hasFocus(page.getByRole('alert')), 'the error is what has the focus');

  await tabTo(page, user.field('Current password'));
  await keyboard.type(client1.password);
  await tabTo(page, user.field('Code'));
  await keyboard.type(await phone.next());
  await tabTo(page, button('Register with 2FA app'));
  await keyboard.press('Space');
  const heading = page.getByRole('heading', { name: 'Recovery codes' });
  await heading.waitFor();
  assert.ok(await hasFocus(heading), 'reading goes on at the recovery codes');
  await tabTo(page, button('Save'));
  await leads(keyboard.press('Enter'));
  assert.match(await user.text(), /10 recovery codes left/);

  await tabTo(page, button('Logout client1'));
  await leads(keyboard.press('Enter'));
  await logInByKeys();
  await waitForFocus(page, page.getByLabel('Code'));
  await keyboard.type(await phone.next());
  await leads(keyboard.press('Enter'));
  assert.match(await user.text(), /Welcome client1/);

  /** The login page has the focus where one types first. */
  async function logInByKeys(): Promise<void> {
    await waitForFocus(page, page.getByLabel('Username'));
    await keyboard.type(client1.name);
    await keyboard.press('Tab');
    await keyboard.type(client1.password);
    await leads(keyboard.press('Enter'));
  }
});

scriptedTest('after the slot was replaced the focus stands in what came', async ({ sitDown }) => {
  const user = await sitDown(client1);
  await user.logIn();
  await user.openSettings();
  await user.choose2fa();
  assert.ok(await hasFocus(user.field('Current password')), 'the first field of the set-up');
  const phone = await user.scan();
  await user.register('not-my-password', await phone.next());
  assert.ok(await hasFocus(user.page.getByRole('alert')));
  await user.register(client1.password, await phone.next());
  assert.ok(await hasFocus(user.page.getByRole('heading', { name: 'Recovery codes' })));
  await user.press('Save');
  await user.prove(client1.password, phone.wrong());
  await user.pressInSlot('Get new recovery codes');
  assert.ok(await hasFocus(user.page.getByRole('alert')));
  assert.ok(await user.field('Code or recovery code').isVisible(), 'what was unfolded stays so');
});
