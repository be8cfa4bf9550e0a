import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import { DataSource } from 'typeorm';
import { quietSqlite } from '../../src/storage/quiet-sqlite.js';
import { Demo } from '../support/demo.js';
import { client1 } from '../support/demo-people.js';
import { WatchedMember } from '../support/watched-member.js';

test('fault: without an audit log nobody gets in and nothing is changed, and it goes on afterwards', async (t) => {
  const demo = await Demo.start();
  t.after(() => demo.stop());
  const owner = new WatchedMember(demo.url, client1, [], () => '');
  await owner.logIn();
  const { phone, recoveryCodes } = await owner.enrol();
  const database = join(demo.data, 'panel-2fa.sqlite');
  const beside = await new DataSource({ type: 'sqlite', driver: quietSqlite, database }).initialize();
  t.after(() => beside.destroy());
  await beside.query(
    "CREATE TRIGGER full BEFORE INSERT ON twofa_audit BEGIN SELECT RAISE(ABORT, 'database or disk is full'); END",
  );

  const late = owner.again();
  assert.equal((await late.logIn()).path, '/2fa/login');
  for (const code of [phone.wrong(), await phone.next()]) {
    const reply = await late.enterCode(code);
    assert.equal(reply.status, 503);
    assert.ok(reply.setCookies.every((line) => !line.startsWith('panel-2fa=')));
  }
  // The right code was used up and gave nothing: the login starts again.
  assert.match((await late.get('/2fa/login')).location ?? '', /^\/login/);
  assert.notEqual((await late.get('/')).status, 200);

  const page = '/tools/user_settings';
  const { password } = client1;
  const off = { twofa_mode: 'none', language: 'en', twofa_password: password, twofa_confirm: password };
  assert.equal((await owner.send(page, page, off)).status, 503);
  assert.match(await owner.settings(), /\d+ recovery codes left/);
  await demo.said(/audit\.not-stored: login\.refused from 127\.0\.0\.1 for user:3 "client1": wrong-code/);
  await demo.said(/audit\.not-stored: login\.code from 127\.0\.0\.1/);

  await beside.query('DROP TRIGGER full');
  const again = owner.again();
  await again.logIn();
  assert.equal((await again.enterCode(recoveryCodes[1] ?? '')).location, '/');
  assert.equal((await owner.send(page, page, off)).status, 303);
});
