import assert from 'node:assert/strict';
import type { Journey } from '../support/browser-journey.js';
import { client1 } from '../support/demo-people.js';
import { journeyTest } from '../support/journey-test.js';
import type { Phone } from '../support/phone.js';

/** Logs in with the password and then types five wrong codes. */
async function fiveWrongCodes(user: Journey, phone: Phone): Promise<void> {
  await user.logIn();
  for (let wrong = 1; wrong <= 4; wrong += 1) {
    await user.enterCode(phone.wrong());
    assert.match(await user.alert(), /code is wrong/i);
  }
  await user.enterCode(phone.wrong());
}

journeyTest('the code page: wrong and used codes, spaces, help', async ({ sitDown }) => {
  const user = await sitDown(client1);
  await user.logIn();
  const { phone } = await user.enrol();
  await user.logOut();
  await user.logIn();
  const field = user.page.getByLabel('Code');
  assert.equal(await field.getAttribute('autocomplete'), 'one-time-code');
  assert.ok(await field.getAttribute('name'));
  assert.match(await user.text(), /Lost your phone and your recovery codes\? Contact the operator/);
  assert.match(await user.text(), /can also enter a recovery code here/);

  await user.enterCode(phone.wrong());
  assert.match(await user.alert(), /code is wrong.*now/i);
  assert.match(await user.text(), /You have 4 tries and [45] minutes left/);
  await user.picture('code page with an error');
  const code = await phone.next();
  await field.focus();
  await user.page.keyboard.insertText(` ${code.slice(0, 3)} ${code.slice(3)} `);
  await user.press('Log in');
  assert.match(await user.text(), /Welcome client1/);

  await user.logOut();
  await user.logIn();
  await user.enterCode(code);
  assert.match(await user.alert(), /code has already been used.*next code/i);
  await user.enterCode(await phone.next());
  assert.match(await user.text(), /Welcome client1/);
});

journeyTest('five wrong codes end the login, ten in a row lock the code', async ({ sitDown }) => {
  const user = await sitDown(client1);
  await user.logIn();
  const { phone, recoveryCodes } = await user.enrol();
  const attacker = await sitDown(client1);
  await fiveWrongCodes(attacker, phone);
  assert.match(attacker.path, /^\/login/);
  assert.match(await attacker.alert(), /Too many wrong codes.*password again/);
  await attacker.open('/tools/user_settings');
  assert.match(attacker.path, /^\/login/, 'the session is over');

  await fiveWrongCodes(attacker, phone);
  await attacker.logIn();
  assert.equal(attacker.path, '/2fa/login');
  assert.match(await attacker.alert(), /Too many wrong codes.*again in \d+ (seconds|minutes?)/);
  const wrong = await afterCode(attacker, phone.wrong());
  const right = await afterCode(attacker, await phone.next());
  assert.match(right, /Too many wrong codes.*again in \d+ (seconds|minutes?)/);
  assert.equal(right.replace(/\d+/, ''), wrong.replace(/\d+/, ''), 'right and wrong get the same answer');
  const owner = await sitDown(client1);
  await owner.logIn();
  await owner.enterCode(recoveryCodes[0] ?? '');
  assert.equal(owner.path, '/', 'a recovery code gets in');
  await user.open('/');
  assert.match(await user.text(), /Welcome client1/, 'who is in stays in');

  async function afterCode(journey: Journey, code: string): Promise<string> {
    await journey.enterCode(code);
    return journey.alert();
  }
});

journeyTest('Cancel leads to the login page and ends the session', async ({ sitDown }) => {
  const user = await sitDown(client1);
  await user.logIn();
  await user.enrol();
  await user.logOut();
  await user.logIn();
  await user.press('Cancel');
  assert.match(user.path, /^\/login/);
  assert.match(await user.alert(), /cancelled/);
  assert.ok(await user.page.getByLabel('Username').isVisible());
  await user.open('/2fa/login');
  assert.match(user.path, /^\/login/);
});

journeyTest('after the code the user lands where he was going', async ({ sitDown }) => {
  const user = await sitDown(client1);
  await user.logIn();
  const { phone, recoveryCodes } = await user.enrol();
  await user.logOut();
  await user.open('/tools/user_settings?deep=link');
  assert.match(user.path, /^\/login/);
  await user.page.getByLabel('Username').fill(client1.name);
  await user.page.getByLabel('Password').fill(client1.password);
  await user.press('Login');
  await user.enterCode(await phone.next());
  assert.equal(user.path, '/tools/user_settings?deep=link', 'through login and code');

  await user.logOut();
  await user.logIn();
  await user.open('/tools/user_settings?typed=meanwhile');
  assert.equal(user.path, '/2fa/login');
  await user.enterCode(recoveryCodes[0] ?? '');
  assert.equal(user.path, '/tools/user_settings?typed=meanwhile', 'asked for at the code page');
});
