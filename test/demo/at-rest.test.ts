import assert from 'node:assert/strict';
import { statSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { Member, phoneOf } from '../support/client-journey.js';
import { bytesOf } from '../support/data-files.js';
import { Demo } from '../support/demo.js';
import { client1, client2, everybody, second } from '../support/demo-people.js';
import { keySpellings } from '../support/key-spellings.js';

test('no password, key or recovery code lies in the data folder or in what is printed', async (t) => {
  const demo = await Demo.start();
  t.after(() => demo.stop());
  const secrets: string[] = [];
  for (const person of [client1, second]) {
    const member = new Member(demo.url, person);
    await member.logIn();
    const { phone, recoveryCodes } = await member.enrol();
    const again = member.again();
    await again.logIn();
    await again.enterCode(phone.wrong());
    await again.enterCode(recoveryCodes[0] ?? '');
    secrets.push(...keySpellings(phone.key), ...recoveryCodes);
    secrets.push(...recoveryCodes.map((code) => code.replaceAll('-', '')));
  }
  const unfinished = new Member(demo.url, client2);
  await unfinished.logIn();
  secrets.push(...keySpellings(phoneOf(await unfinished.begin()).key));
  assert.ok(secrets.length > 50 && secrets.every((secret) => secret.length >= 16));

  const factors = bytesOf(demo.data, 'panel-2fa.sqlite');
  assert.match(factors, /twofa_user_secret/);
  assert.match(factors, /twofa_mail_user_secret/);
  const panel = bytesOf(demo.data, 'panel.sqlite');
  for (const { name } of everybody) assert.ok(panel.includes(name));
  const everything = `${factors}\n${panel}\n${bytesOf(demo.data, '')}`.toLowerCase();
  for (const secret of secrets) assert.ok(!everything.includes(secret.toLowerCase()), secret);
  for (const { password } of everybody) assert.ok(!everything.includes(password), password);
  const printed = demo.output.toLowerCase();
  for (const secret of secrets) assert.ok(!printed.includes(secret.toLowerCase()), secret);

  for (const file of ['key', 'panel.sqlite', 'panel-2fa.sqlite'])
    assert.equal(statSync(join(demo.data, file)).mode & 0o077, 0, `${file} is for its owner only`);
});
