import assert from 'node:assert/strict';
import { test } from 'node:test';
import { accounts } from '../support/ispconfig/accounts.js';
import { arrayIn } from '../support/ispconfig/visit.js';
import { hidden, standIn } from './stand-in.js';

type StandIn = Awaited<ReturnType<typeof standIn>>;

function formOf(body: string): Record<string, string> {
  return { username: hidden(body, 'username'), password: hidden(body, 'password'), login_as: '1' };
}

async function names({ database }: StandIn): Promise<string[]> {
  const [session] = await database.sessions();
  return Object.entries(session?.data ?? {}).map(([key]) => {
    const user = arrayIn(arrayIn(session?.data ?? {}, key), 'user');
    return `${key} ${String(user.username ?? '')}`;
  });
}

test('an admin becomes a client and comes back within one session', async () => {
  const panel = await standIn();
  const { go, login } = panel;
  const { cookie } = await login(accounts.admin);
  const question = await go('/login/login_as.php?cid=2', { cookie });
  const became = await go('/login/index.php', { cookie, fields: formOf(question.body) });
  assert.equal(became.status, 200);
  assert.equal(became.setCookies.length, 0);
  assert.equal(became.body, 'LOGIN_REDIRECT:dashboard/dashboard.php');
  assert.deepEqual(await names(panel), ['s_old admin', 's client1']);

  const back = await go('/login/logout.php', { cookie });
  assert.equal(hidden(back.body, 'username'), 'admin');
  assert.match(hidden(back.body, 'password'), /^\$6\$/);
  await go('/login/index.php', { cookie, fields: formOf(back.body) });
  assert.deepEqual(await names(panel), ['s_old client1', 's admin']);
  assert.equal(
    (await go('/login/logout.php', { cookie })).body,
    'URL_REDIRECT:index.php',
    'nobody to go back to',
  );
});

test('logout with l=1 ends the session, and its id may start again as nobody', async () => {
  const panel = await standIn();
  const { cookie } = await panel.login(accounts.admin);
  const question = await panel.go('/login/login_as.php?id=2', { cookie });
  await panel.go('/login/index.php', { cookie, fields: formOf(question.body) });
  const ended = await panel.go('/login/logout.php?l=1', { cookie });
  assert.equal(ended.body, 'URL_REDIRECT:index.php');
  assert.equal(ended.setCookies.length, 0);
  assert.equal((await panel.database.sessions()).length, 0);
  assert.equal((await panel.go('/login/', { cookie })).setCookies.length, 0);
});

test('a reseller becomes his own clients only, and a client nobody', async () => {
  const { go, login, database } = await standIn();
  const reseller = (await login(accounts.reseller1)).cookie;
  assert.equal(
    hidden((await go('/login/login_as.php?cid=3', { cookie: reseller })).body, 'username'),
    'client2',
  );
  assert.match(
    (await go('/login/login_as.php?cid=2', { cookie: reseller })).body,
    /^You don't have the right/,
  );
  assert.match(
    (await go('/login/login_as.php?id=3', { cookie: reseller })).body,
    /^You don't have the right/,
  );
  assert.match((await go('/login/login_as.php?cid=2')).body, /^You have to be logged in/);
  const row = await database.first('SELECT passwort FROM sys_user WHERE userid = 1');
  const fields = { username: 'admin', password: String(row?.passwort), login_as: '1' };
  const client = (await login(accounts.client1)).cookie;
  for (const cookie of [reseller, client])
    assert.match((await go('/login/index.php', { cookie, fields })).body, /^You don't have the right/);
  assert.match((await go('/login/index.php', { fields })).body, /Username or Password wrong/);
});
