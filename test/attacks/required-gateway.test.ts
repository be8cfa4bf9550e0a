import assert from 'node:assert/strict';
import { test } from 'node:test';
import { AS_SCRIPT, type Person } from '../gateway/ispconfig/person.js';
import { behindGateway } from '../gateway/ispconfig/setup.js';
import { accounts } from '../support/ispconfig/accounts.js';

const { go, heard, person, database } = await behindGateway({
  config: { requiredFor: ['client', 'mailuser'] },
});
const { client1, client2, mbox, reseller1 } = accounts;
await database.query("UPDATE client SET can_use_api = 'y'");

const SET_UP = '/2fa/settings';

for (const account of [client1, mbox]) {
  test(`A44 ${account.name}, who must have a factor, reaches nothing of the panel until it is saved`, async () => {
    const waiting = person(account);
    await waiting.logIn();
    const requests = await heard(async () => {
      for (const path of ['/index.php', '/login/index.php', '/tools/user_settings.php']) {
        assert.equal((await waiting.get(path)).location, SET_UP, path);
      }
      const fragment = await waiting.get('/dashboard/dashboard.php', AS_SCRIPT);
      assert.doesNotMatch(fragment.body, /dashboard/i);
      assert.match(fragment.body + fragment.location, /\/2fa\/settings/);
    });
    assert.deepEqual(requests, []);
    assert.match((await waiting.get(SET_UP)).body, /Set it up here to continue/);

    const member = person(account);
    const factor = await member.enrol();
    assert.equal(await member.nameInShell(), account.name);
    assert.equal((await member.turnOff()).status, 422);
    const again = await person(account).enter(factor);
    assert.equal(await again.nameInShell(), account.name);
  });
}

test('A44 A27 who must have a factor does not use the API with his password, with or without one', async () => {
  for (const { name: username, password } of [client1, client2]) {
    const body = JSON.stringify({ username, password, client_login: true });
    const reply = await go('/remote/json.php?login', {
      body,
      headers: { 'content-type': 'application/json' },
    });
    assert.match(reply.body, /needs two-factor authentication/, username);
  }
});

test('who must have a factor can log out, and who need not is not asked', async () => {
  for (const logOut of [
    (leaving: Person) => leaving.get('/login/logout.php'),
    async (leaving: Person) => leaving.submit(await leaving.get(SET_UP), {}, 'twofa-logout'),
  ]) {
    const leaving = person(client2);
    await leaving.logIn();
    const { sessionId } = leaving;
    await logOut(leaving);
    assert.match((await leaving.get('/index.php')).location ?? '', /^\/login/);
    const rows = await database.query('SELECT 1 FROM sys_session WHERE session_id = ?', [sessionId]);
    assert.deepEqual(rows, []);
  }
  const reseller = person(reseller1);
  await reseller.logIn();
  assert.equal(await reseller.nameInShell(), reseller1.name);
});
