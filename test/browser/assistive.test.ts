import assert from 'node:assert/strict';
import type { Locator } from 'playwright-core';
import { assertAccessible, assertFits } from '../support/accessibility.js';
import { problemsOf, screenshot } from '../support/browser.js';
import type { Journey } from '../support/browser-journey.js';
import { admin, client1 } from '../support/demo-people.js';
import { scriptedTest } from '../support/journey-test.js';

/** By axe, in a narrow window, and without a complaint on the console. */
async function look(journey: Journey, name: string): Promise<void> {
  await assertAccessible(journey.page, name);
  await assertFits(journey.page, name);
  await screenshot(journey.page, `assistive ${name}`);
  assert.deepEqual(problemsOf(journey.page), [], name);
}

/** The field is marked as wrong, and who hears of it hears why (WCAG 2.2, 3.3.1). */
async function assertTied({ page }: Journey, field: Locator): Promise<void> {
  assert.equal(await field.getAttribute('aria-invalid'), 'true');
  const describedBy = (await field.getAttribute('aria-describedby')) ?? '';
  const alertId = await page.getByRole('alert').getAttribute('id');
  assert.ok(alertId && describedBy.split(' ').includes(alertId), 'the error is tied to its field');
}

scriptedTest(
  'axe, a narrow window and the console find nothing on the way of a user',
  async ({ sitDown }) => {
    const user = await sitDown(client1);
    await user.open('/login');
    await look(user, 'login');
    await user.logIn();
    await look(user, 'home');
    await user.openSettings();
    await look(user, 'settings, off');
    await user.choose2fa();
    const phone = await user.scan();
    await look(user, 'settings, setup');
    await user.register(client1.password, phone.wrong());
    assert.match(await user.alert(), /code is wrong/i);
    await assertTied(user, user.field('Code'));
    await look(user, 'settings, wrong code');
    await user.register(client1.password, await phone.next());
    assert.equal((await user.recoveryCodes()).length, 10);
    await look(user, 'settings, recovery codes');
    await user.openSettings();
    await look(user, 'settings, registered and not saved');
    await user.press('Save');
    await look(user, 'settings, active');
    await user.chooseNone('not-my-password');
    await look(user, 'settings, turning off');
    await user.press('Save');
    assert.match(await user.alert(), /password is wrong/i);
    await assertTied(user, user.field('Current password'));
    await look(user, 'settings, refused');

    await user.logOut();
    await user.logIn();
    await look(user, 'code page');
    await user.enterCode(phone.wrong());
    await assertTied(user, user.page.getByLabel('Code'));
    await look(user, 'code page, error');
    await user.press('Cancel');
    await look(user, 'login, cancelled');
  },
);

scriptedTest(
  'axe, a narrow window and the console find nothing on the way of an admin',
  async ({ sitDown }) => {
    const user = await sitDown(client1);
    await user.logIn();
    await user.enrol();
    const operator = await sitDown(admin);
    await operator.logIn();
    await operator.follow('System');
    await look(operator, 'users');
    await operator.followOnPage('client2');
    await look(operator, 'user, off');
    await operator.open('/admin/users/3');
    await operator.page.getByRole('checkbox', { name: '2FA' }).uncheck();
    await look(operator, 'user, step-up');
    await operator.press('Save');
    assert.match(await operator.alert(), /current password/);
    await assertTied(operator, operator.field('Current password'));
    await look(operator, 'user, refused');
    await operator.follow('Two-factor authentication');
    await operator.followOnPage('client1');
    await look(operator, 'account');
    await operator.open('/2fa/nothing');
    await look(operator, 'error page');
    await operator.open('/2fa/accounts');
    await look(operator, 'overview');
  },
);

scriptedTest(
  'what the console is asked about is really heard: an inline script is refused',
  async ({ sitDown }) => {
    const user = await sitDown(client1);
    await user.logIn();
    await user.openSettings();
    await user.page.evaluate(() => {
      const script = document.createElement('script');
      script.textContent = 'document.title = "taken over"';
      document.head.append(script);
    });
    await user.page.waitForFunction(() => document.title !== '');
    assert.notEqual(await user.page.title(), 'taken over');
    assert.match(problemsOf(user.page).join('\n'), /Content Security Policy/);
  },
);
