import assert from 'node:assert/strict';
import { test } from 'node:test';
import { accounts } from '../support/ispconfig/accounts.js';
import { standIn, tokenOf } from './stand-in.js';

const PAGE = '/login/force_password_change.php';
const due = 'UPDATE sys_user SET last_password_change = CURDATE() - INTERVAL 30 DAY';
const passwords = (password: string) => ({ new_password: password, confirm_password: password });

test('3.3: who has had his password long enough sets a new one before he gets in', async () => {
  const { go, login, database } = await standIn({ passwordDates: true, passwordDays: 30 });
  assert.equal((await login(accounts.client1)).location, '../index.php');
  await database.query(due);
  const reply = await login(accounts.client1);
  assert.equal(reply.location, 'force_password_change.php');
  const { cookie } = reply;
  const id = /ISPCSESS=([^;]+)/.exec(String(cookie))?.[1];
  const keys = async () => Object.keys((await database.sessions()).find((one) => one.id === id)?.data ?? {});
  assert.deepEqual((await keys()).slice(0, 2), ['s_pending', 'force_password_change']);

  assert.equal((await go('/index.php', { cookie })).location, '/login/');
  assert.equal((await go('/tools/user_settings.php', { cookie })).location, '/index.php');
  assert.equal((await go('/login/otp.php', { cookie })).location, 'index.php');
  assert.equal((await go('/login/', { cookie })).status, 200);

  let page = await go(PAGE, { cookie });
  for (const fields of [
    {},
    passwords('short'),
    { new_password: 'long enough', confirm_password: 'long enouhg' },
    passwords(accounts.client1.password),
  ]) {
    page = await go(PAGE, { cookie, fields: { ...fields, ...tokenOf(page.body) } });
    assert.match(page.body, /alert-danger.*name="new_password"/s);
  }
  assert.match((await go(PAGE, { cookie, fields: passwords('aaaaaaaa') })).body, /CSRF attempt blocked/);
  const right = await go(PAGE, { cookie, fields: { ...passwords('aaaaaaaa'), ...tokenOf(page.body) } });
  assert.equal(right.location, '../index.php');
  assert.equal(right.setCookies.length, 0);
  assert.match((await go('/index.php', { cookie })).body, /Logout client1/);
  assert.ok(!(await keys()).includes('force_password_change'));
  assert.equal((await go(PAGE, { cookie })).location, '/index.php');
  assert.equal((await login({ ...accounts.client1, password: 'aaaaaaaa' })).location, '../index.php');
  assert.equal((await go(PAGE)).location, 'index.php');
});

test('3.3: mail users are overdue at each login to the older check, never to the newer one', async () => {
  const { go, login, panel } = await standIn({ passwordDates: true, passwordDays: 30 });
  assert.equal((await login(accounts.mbox)).location, '../index.php');
  panel.settings.mailUsersOverdue = true;
  for (const _ of [1, 2]) {
    const { cookie, location } = await login(accounts.mbox);
    assert.equal(location, 'force_password_change.php');
    const page = await go(PAGE, { cookie });
    const fields = { ...passwords(accounts.mbox.password), ...tokenOf(page.body) };
    assert.equal((await go(PAGE, { cookie, fields })).location, '../index.php', 'and nothing is changed');
    assert.match((await go('/index.php', { cookie })).body, /Logout mbox@example\.test/);
  }
});
