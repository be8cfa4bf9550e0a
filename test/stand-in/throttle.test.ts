import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { test } from 'node:test';
import { accounts } from '../support/ispconfig/accounts.js';
import { standIn } from './stand-in.js';

const wrong = { name: 'client1', password: 'wrong' };

test('six failures a second apart lock the address for a minute, the right password too', async () => {
  const { login, database } = await standIn();
  for (let n = 0; n < 6; n += 1) {
    await login(wrong);
    await database.passTime(2);
  }
  assert.match((await login(accounts.admin)).body, /Too many failed login attempts/);
  await database.passTime(60);
  assert.equal((await login(accounts.admin)).status, 302);
});

test('failures within one second count once or twice', async () => {
  const { login, database } = await standIn();
  for (let n = 0; n < 7; n += 1) await login(wrong);
  const row = await database.first('SELECT * FROM attempts_login');
  assert.ok(Number(row?.times) <= 3, `${row?.times}`);
  assert.equal(row?.ip, createHash('md5').update('127.0.0.1').digest('hex'));
  assert.equal((await login(accounts.client1)).status, 302);
  assert.equal((await database.query('SELECT * FROM attempts_login')).length, 0);
});

test('forwarded addresses count only where the web server believes them', async () => {
  const { login, database, panel } = await standIn();
  const headers = { 'x-forwarded-for': '203.0.113.9, 198.51.100.7' };
  await login(wrong, { headers });
  panel.settings.trustRealIp = true;
  await login(wrong, { headers });
  const keys = (await database.query('SELECT ip FROM attempts_login')).map((row) => row.ip);
  const md5 = (text: string) => createHash('md5').update(text).digest('hex');
  assert.deepEqual(keys.toSorted(), [md5('127.0.0.1'), md5('198.51.100.7')].sort());
});

test('bad logins at the remote API lock the panel', async () => {
  const { go, login, database } = await standIn();
  for (let n = 0; n < 6; n += 1) {
    await go('/remote/json.php?login', { body: '{"username":"apiuser","password":"x"}' });
    await database.passTime(2);
  }
  assert.match((await login(accounts.client1)).body, /Too many failed/);
});
