import assert from 'node:assert/strict';
import { test } from 'node:test';
import { accounts } from '../support/ispconfig/accounts.js';
import { standIn } from './stand-in.js';

test('the spellings of a cookie that reach the same session, and those that do not', async () => {
  const { go, login } = await standIn();
  const { cookie } = await login(accounts.client1);
  const id = cookie.slice('ISPCSESS='.length);
  const hex = `%${id.charCodeAt(0).toString(16)}${id.slice(1)}`;
  const isIn = async (sent: string | string[]) =>
    (await go('/index.php', { cookie: sent })).body.includes('Logout client1');

  // The column compares letters, not bytes.
  const accented = id.replace(/[aeiounc]/, (letter) =>
    encodeURIComponent(`${letter}\u0301`.normalize('NFC')),
  );
  const inside: (string | string[])[] = [
    `ISPCSESS=${accented}`,
    `ISPCSESS=${hex}`,
    `${cookie}; ISPCSESS=anon`,
    ['ISPCSESS=anon', cookie],
    `a=b;${cookie}`,
    `a=b;\t${cookie}`,
    `ISPCSESS[x=anon; ${cookie}`,
    `ISPCSESS=${id.toUpperCase()}`,
    cookie,
    `ISPCSESS.x=1; ${cookie}`,
  ];
  for (const sent of inside) assert.equal(await isIn(sent), true, String(sent));
  const outside: (string | string[])[] = [
    `ISPCSESS=anon; ${cookie}`,
    [cookie, 'ISPCSESS=anon'],
    `%49SPCSESS=${id}`,
    `ispcsess=${id}`,
    `ISPCSESS =${id}`,
    `ISPCSESS="${id}"`,
    `ISPCSESS[]=${id}`,
    `a=b,ISPCSESS=${id}`,
    `ISPCSESS=${id}%20`,
    `ISPCSESS=${id}%00`,
    `ISPCSESS=${id}+`,
  ];
  for (const sent of outside) assert.equal(await isIn(sent), false, String(sent));
  assert.equal((await go(`/index.php?ISPCSESS=${id}&phpsessid=${id}`)).location, '/login/');
});

test('an id in upper case rewrites the row', async () => {
  const { go, login, database } = await standIn();
  const { cookie } = await login(accounts.client1);
  const upper = cookie.slice('ISPCSESS='.length).toUpperCase();
  await go('/keepalive.php', { cookie: `ISPCSESS=${upper}` });
  assert.deepEqual(
    (await database.sessions()).map(({ id }) => id),
    [upper],
  );
});

test('a session that timed out is not read, and an old one is cleaned up by others', async () => {
  const { go, login, database, panel } = await standIn();
  const { cookie } = await login(accounts.client1);
  await database.passTime(1500);
  assert.equal((await go('/index.php', { cookie })).status, 200, 'nothing has cleaned up yet');
  await database.passTime(1500);
  await go('/login/');
  assert.equal((await go('/index.php', { cookie })).location, '/login/');
  panel.settings.sessionTimeout = 10;
  panel.settings.allowEndless = true;
  const stay = await login(accounts.client1, { fields: { stay: '1' } });
  assert.match(stay.setCookies[0] ?? '', /expires=.*Max-Age=31536000/);
  assert.equal(
    (await database.sessions()).some(({ permanent }) => permanent),
    true,
  );
  await database.passTime(601);
  assert.equal((await go('/index.php', { cookie: stay.cookie })).status, 200);
  const leaves = await login(accounts.client1);
  await database.passTime(601);
  assert.equal((await go('/index.php', { cookie: leaves.cookie })).location, '/login/');
});
