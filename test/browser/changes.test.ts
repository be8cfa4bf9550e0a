import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { client1 } from '../support/demo-people.js';
import { journeyTest, scriptedTest } from '../support/journey-test.js';

journeyTest('a recovery code lets in once, and the number left goes down', async ({ sitDown }) => {
  const user = await sitDown(client1);
  await user.logIn();
  const { recoveryCodes } = await user.enrol();
  const [first = '', next = ''] = recoveryCodes;
  await user.logOut();
  await user.logIn();
  await user.enterCode(first.toLowerCase().replaceAll('-', ' '));
  assert.match(await user.text(), /Welcome client1/);
  await user.openSettings();
  assert.match(await user.text(), /9 recovery codes left/);
  await user.logOut();
  await user.logIn();
  await user.enterCode(first);
  assert.match(await user.alert(), /recovery code has already been used.*another/i);
  await user.enterCode(next);
  await user.openSettings();
  assert.match(await user.text(), /8 recovery codes left/);
});

journeyTest('new recovery codes take password and code, and end the old ones', async ({ sitDown }) => {
  const user = await sitDown(client1);
  await user.logIn();
  const { phone, recoveryCodes: old } = await user.enrol();
  await user.prove('not-my-password', await phone.next());
  await user.pressInSlot('Get new recovery codes');
  assert.match(await user.alert(), /password is wrong/i);
  await user.prove(client1.password, phone.wrong());
  await user.pressInSlot('Get new recovery codes');
  assert.match(await user.alert(), /code is wrong/i);
  assert.deepEqual(await user.recoveryCodes(), []);
  await user.prove(client1.password, old[0] ?? '');
  await user.pressInSlot('Get new recovery codes');
  const renewed = await user.recoveryCodes();
  assert.equal(renewed.length, 10);
  assert.deepEqual(
    renewed.filter((code) => old.includes(code)),
    [],
  );
  assert.match(await user.text(), /valid from now on; the old ones no longer work/);
  await user.openSettings();
  assert.match(await user.text(), /10 recovery codes left/);
  assert.deepEqual(await user.recoveryCodes(), []);

  await user.logOut();
  await user.logIn();
  await user.enterCode(old[1] ?? '');
  assert.match(await user.alert(), /recovery code is not right/i);
  await user.enterCode(renewed[0] ?? '');
  assert.match(await user.text(), /Welcome client1/);
});

journeyTest('a new phone: the old one stays valid until the new one is saved', async ({ sitDown }) => {
  const user = await sitDown(client1);
  const elsewhere = await sitDown(client1);
  await user.logIn();
  const { phone: old, recoveryCodes } = await user.enrol();
  await user.prove(client1.password, old.wrong());
  await user.pressInSlot('Show a new QR code');
  assert.match(await user.alert(), /code is wrong/i);
  await user.prove(client1.password, recoveryCodes[0] ?? '');
  await user.pressInSlot('Show a new QR code');
  const phone = await user.scan();
  assert.notEqual(phone.key, old.key);
  assert.match(await user.text(), /old phone keeps working until the new one/);

  await elsewhere.logIn();
  await elsewhere.enterCode(phone.wrong());
  await elsewhere.enterCode(await old.next());
  assert.match(await elsewhere.text(), /Welcome client1/, 'the old one while the new one is scanned');
  await user.register(undefined, phone.wrong());
  assert.match(await user.alert(), /code is wrong/i);
  await user.register(undefined, await phone.next());
  assert.equal((await user.recoveryCodes()).length, 10);
  await elsewhere.logOut();
  await elsewhere.logIn();
  await elsewhere.enterCode(recoveryCodes[1] ?? '');
  assert.match(await elsewhere.text(), /Welcome client1/, 'and while it is registered but not saved');

  await user.press('Save');
  assert.match(await user.text(), /active since .*10 recovery codes left/);
  await elsewhere.open('/');
  assert.equal(elsewhere.path, '/2fa/login', 'a session cleared by the old one');
  await elsewhere.enterCode(recoveryCodes[2] ?? '');
  assert.match(await elsewhere.alert(), /recovery code is not right/i, 'a recovery code of the old one');
  await elsewhere.enterCode(await old.next());
  assert.match(await elsewhere.alert(), /code is wrong/i, 'a code of the old one');
  await elsewhere.enterCode(await phone.next());
  assert.match(await elsewhere.text(), /Welcome client1/);
});

journeyTest('who keeps the old phone keeps it', async ({ sitDown }) => {
  const user = await sitDown(client1);
  await user.logIn();
  const { phone, recoveryCodes } = await user.enrol();
  await user.prove(client1.password, recoveryCodes[0] ?? '');
  await user.pressInSlot('Show a new QR code');
  await user.pressInSlot('Keep the old phone');
  assert.match(await user.text(), /active since .*9 recovery codes left/);
  await user.logOut();
  await user.logIn();
  await user.enterCode(await phone.next());
  assert.match(await user.text(), /Welcome client1/);
});

scriptedTest('Copy, Download and Print give the recovery codes away, Copy the key', async ({ sitDown }) => {
  const user = await sitDown(client1, { permissions: ['clipboard-read', 'clipboard-write'] });
  const copied = () => user.page.evaluate(() => navigator.clipboard.readText());
  const copy = async () => {
    await user.page.getByRole('button', { name: 'Copy', exact: true }).click();
    await user.page.getByRole('button', { name: 'Copied' }).waitFor();
  };
  await user.logIn();
  await user.openSettings();
  await user.choose2fa();
  const phone = await user.scan();
  await copy();
  assert.equal(await copied(), phone.key);
  await user.register(client1.password, await phone.next());
  const codes = await user.recoveryCodes();
  await copy();
  assert.equal(await copied(), codes.join('\n'));
  const download = user.page.waitForEvent('download');
  await user.page.getByRole('link', { name: 'Download' }).click();
  const day = new Date().toISOString().slice(0, 10);
  assert.match(
    (await download).suggestedFilename(),
    new RegExp(`^recovery-codes_127\\.0\\.0\\.1_client1_${day}_\\d\\d-\\d\\d-\\d\\d\\.txt$`),
  );
  const kept = await readFile(await (await download).path(), 'utf8');
  const address = new URL(user.page.url()).origin;
  for (const part of [
    `Panel: Demo panel, ${address}`,
    'Account: client1',
    `Created: ${day}`,
    'with number 1',
  ]) {
    assert.ok(kept.includes(part), part);
  }
  assert.deepEqual(
    kept.trimEnd().split('\n').slice(-10),
    codes.map((code, index) => `${`${index + 1}.`.padStart(3)} ${code}`),
  );
  await user.page.emulateMedia({ media: 'print' });
  const lines = (text: string) => text.split('\n').map((line) => line.replace(/^ *\d+\. /, '').trim());
  assert.deepEqual(
    lines(await user.page.locator('body').innerText()).filter(Boolean),
    lines(kept).filter(Boolean),
    'nothing else is printed',
  );
  await user.page.emulateMedia({ media: 'screen' });
  assert.equal(await user.page.getByText('Account: client1').isVisible(), false);
  const printed = user.page.evaluate(
    () => new Promise((resolve) => window.addEventListener('beforeprint', () => resolve('printed'))),
  );
  await user.page.getByRole('button', { name: 'Print' }).click();
  assert.equal(await printed, 'printed');

  await user.press('Save');
  await user.logOut();
  await user.logIn();
  const code = await phone.next();
  await user.page.evaluate(
    (text) => navigator.clipboard.writeText(text),
    `${code.slice(0, 3)} ${code.slice(3)}`,
  );
  await user.page.getByLabel('Code').focus();
  await user.page.keyboard.press('ControlOrMeta+V');
  await user.press('Log in');
  assert.match(await user.text(), /Welcome client1/, 'a pasted code with a space');
});
