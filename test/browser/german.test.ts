import assert from 'node:assert/strict';
import { client1, second } from '../support/demo-people.js';
import { journeyTest } from '../support/journey-test.js';

journeyTest('who chose German sees German, whatever the browser prefers', async ({ sitDown }) => {
  const user = await sitDown(client1, { language: 'en' });
  await user.logIn();
  const { phone } = await user.enrol();
  await user.page.getByLabel('Language').selectOption('Deutsch');
  await user.press('Save');
  assert.equal(await user.page.locator('html').getAttribute('lang'), 'de');
  const settings = await user.text();
  assert.match(settings, /Zwei-Faktor-Anmeldung|Zwei-Faktor-Authentifizierung/);
  assert.match(settings, /10 Wiederherstellungscodes/);
  assert.doesNotMatch(settings, /recovery|active since|Password/);

  await user.page.getByRole('button', { name: /client1/ }).click();
  await user.page.getByLabel('Username').waitFor();
  await user.logIn();
  assert.equal(await user.page.locator('html').getAttribute('lang'), 'de');
  const challenge = await user.text();
  assert.match(challenge, /Wiederherstellungscode/);
  assert.doesNotMatch(challenge, /recovery|Log in|Cancel/);
  await user.page.getByRole('textbox').fill(phone.wrong());
  await user.page.getByRole('button').first().click();
  await user.page.getByRole('alert').waitFor();
  assert.match(await user.alert(), /Code.*falsch/);
  await user.picture('german code page');
});

journeyTest(
  'a mail user without a language of his own sees that of his browser',
  async ({ sitDown, demo }) => {
    const user = await sitDown(second, { language: 'de-AT' });
    await user.page.goto(`${demo.url}/login`);
    assert.equal(await user.page.locator('html').getAttribute('lang'), 'de');
    await user.page.getByRole('textbox').first().fill(second.name);
    await user.page.locator('input[type=password]').fill(second.password);
    await user.page.getByRole('button').click();
    await user.page.getByRole('navigation').getByRole('link', { name: 'Passwort' }).click();
    await user.page.getByRole('button', { name: 'Speichern' }).waitFor();
    assert.doesNotMatch(await user.text(), /Password|Two-factor|None|Save/);
  },
);
