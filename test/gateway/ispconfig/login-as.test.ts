import assert from 'node:assert/strict';
import { test } from 'node:test';
import { hidden } from '../../stand-in/stand-in.js';
import { accounts } from '../../support/ispconfig/accounts.js';
import type { Reply } from '../../support/panel-client.js';
import { AS_SCRIPT, type Person } from './person.js';
import { behindGateway } from './setup.js';

const { person, panel, database, heard, nextSecond } = await behindGateway();
const { admin, reseller1, client1, client2 } = accounts;

/** The form of "login as" or of the way back, sent as the shell sends it. */
async function send(somebody: Person, page: Reply): Promise<Reply> {
  const fields = {
    username: hidden(page.body, 'username'),
    password: hidden(page.body, 'password'),
    login_as: '1',
  };
  assert.notEqual(fields.password, '', page.body);
  return somebody.post('/login/index.php', fields, AS_SCRIPT);
}

async function become(somebody: Person, client: number): Promise<void> {
  const reply = await send(somebody, await somebody.get(`/login/login_as.php?cid=${client}`, AS_SCRIPT));
  assert.match(reply.body, /^LOGIN_REDIRECT:/);
}

async function goBack(somebody: Person): Promise<void> {
  const reply = await send(somebody, await somebody.get('/login/logout.php', AS_SCRIPT));
  assert.match(reply.body, /^LOGIN_REDIRECT:/);
}

async function storedHash(userid: number): Promise<string> {
  const row = await database.first('SELECT passwort FROM sys_user WHERE userid = ?', [userid]);
  return String(row?.passwort);
}

test('A26 nobody has a factor: an admin becomes a client and comes back', async () => {
  const somebody = person(admin);
  await somebody.logIn();
  await become(somebody, 2);
  assert.equal(await somebody.nameInShell(), 'client1');
  await goBack(somebody);
  assert.equal(await somebody.nameInShell(), 'admin');
});

test('A26 a factor on the account only: who becomes it is not asked for it, and may not touch it', async () => {
  const owner = person(client1);
  await owner.enrol();
  const somebody = person(admin);
  await somebody.logIn();
  await become(somebody, 2);
  assert.equal(await somebody.nameInShell(), 'client1');
  await somebody.get('/capp.php?mod=tools', AS_SCRIPT);
  const { body } = await somebody.get('/tools/user_settings.php', AS_SCRIPT);
  assert.match(body, /data-twofa-state="impersonating"/);
  assert.match(body, /is active for this account\. Only its owner can change it/);
  assert.doesNotMatch(body, /data-twofa-copy|id="twofa-off-password"/);
  const page = await somebody.get('/2fa/settings');
  const fields = { twofa_mode: 'none', twofa_password: admin.password, twofa_confirm: admin.password };
  await somebody.submit(page, fields, 'twofa-save');
  await goBack(somebody);
  assert.equal(await somebody.nameInShell(), 'admin');
  await person(client1).wait();
  assert.equal((await owner.turnOff()).status, 303);
});

test('A26 factors on both, and on the actor only: the clearance of the actor holds there and back', async () => {
  const factor = await person(admin).enrol();
  const somebody = await person(admin).enter(factor);
  await become(somebody, 2);
  assert.equal(await somebody.nameInShell(), 'client1', 'on the actor only');
  await goBack(somebody);
  const client = person(client1);
  await nextSecond();
  const own = await client.enrol();
  await become(somebody, 2);
  assert.equal(await somebody.nameInShell(), 'client1', 'on both');
  const thief = person(client1);
  thief.cookies.set('ISPCSESS', somebody.sessionId);
  thief.cookies.set('panel-2fa', client.cookies.get('panel-2fa'));
  assert.equal(
    await thief.nameInShell(),
    undefined,
    "the client's own clearance, of another session, is no help",
  );
  const again = await person(admin).enter(factor);
  await become(again, 2);
  await goBack(again);
  assert.equal(await again.nameInShell(), 'admin');
  await client.turnOff();
  assert.notEqual(own.key, factor.key);
  await (await person(admin).enter(factor)).turnOff();
});

test('a former identity left over from the way back is no actor', async () => {
  await nextSecond();
  const client = person(client1);
  await client.enrol();
  const somebody = person(admin);
  await somebody.logIn();
  await become(somebody, 2);
  await goBack(somebody);
  const session = (await database.sessions()).find(({ id }) => id === somebody.sessionId);
  assert.deepEqual(Object.keys(session?.data ?? {}).slice(0, 2), ['s_old', 's'], 's_old is the client now');
  assert.equal(await somebody.nameInShell(), 'admin', "the client's factor is not asked for");
  await client.turnOff();
});

test('a reseller with a factor becomes his own client and nobody else', async () => {
  const factor = await person(reseller1).enrol();
  const somebody = await person(reseller1).enter(factor);
  await become(somebody, 3);
  assert.equal(await somebody.nameInShell(), 'client2');
  await goBack(somebody);
  assert.match(
    (await somebody.get('/login/login_as.php?cid=2', AS_SCRIPT)).body,
    /^You don't have the right/,
  );
  await somebody.turnOff();
});

for (const [what, who] of [
  ['an admin', admin],
  ['a reseller', reseller1],
] as const) {
  test(`A26 from the waiting session of ${what} nothing but the code page and logout is reachable`, async () => {
    await nextSecond();
    const factor = await person(who).enrol();
    const attacker = await person(who).wait();
    const hash = await storedHash(4);
    const requests = await heard(async () => {
      for (const reply of [
        await attacker.get('/login/login_as.php?cid=3'),
        await attacker.get('/login/login_as.php?id=4', AS_SCRIPT),
        await attacker.post('/login/index.php', { username: client2.name, password: hash, login_as: '1' }),
        await attacker.post('/login/', { username: client2.name, password: hash, login_as: '1' }, AS_SCRIPT),
      ]) {
        assert.ok(
          reply.location === '/2fa/login' || /^<script>location.href="\/2fa\/login"/.test(reply.body),
        );
        assert.doesNotMatch(reply.body, /\$1\$|\$6\$|LOGIN_REDIRECT/);
      }
    });
    assert.deepEqual(requests, [], 'the panel was not even asked');
    const session = (await database.sessions()).find(({ id }) => id === attacker.sessionId);
    assert.equal(session?.data.s_old, undefined);
    await (await person(who).enter(factor)).turnOff();
  });
}

test("A26 a reseller with an admin's password cannot clear the admin's session with his own client's code", async () => {
  await nextSecond();
  const adminFactor = await person(admin).enrol();
  const clientFactor = await person(client2).enrol();
  // Whatever way it came about: the session of the admin, not cleared, as the client.
  const attacker = person(admin);
  await attacker.logIn();
  const form = { username: client2.name, password: await storedHash(4), login_as: '1' };
  const direct = await fetch(`${panel.url}/login/index.php`, {
    method: 'POST',
    headers: { cookie: `ISPCSESS=${attacker.sessionId}` },
    body: new URLSearchParams(form),
  });
  assert.match(await direct.text(), /^LOGIN_REDIRECT:/);
  assert.equal((await attacker.get('/index.php')).location, '/2fa/login');
  const page = await attacker.get('/2fa/login');
  assert.match(page.body, /shows for <bdi>admin<\/bdi>/, "it asks for the actor's code");
  const refused = await attacker.giveCode(clientFactor.nextCode);
  assert.equal(refused.status, 422);
  assert.equal((await attacker.giveCode(clientFactor.recoveryCode)).status, 422);
  assert.equal(await attacker.nameInShell(), undefined);
  assert.equal((await attacker.giveCode(adminFactor.recoveryCode)).location, '/index.php');
  assert.equal(await attacker.nameInShell(), 'client2');
});

test("A26 a session cleared by the client's own code does not become its owner's reseller", async () => {
  await nextSecond();
  const factor = await person(reseller1).enrol();
  const mine = person(client2);
  await mine.logIn();
  const hash = await storedHash(2);
  const reply = await mine.post('/login/index.php', {
    username: reseller1.name,
    password: hash,
    login_as: '1',
  });
  assert.doesNotMatch(reply.body, /LOGIN_REDIRECT/);
  assert.notEqual(await mine.nameInShell(), 'reseller1');
  await (await person(reseller1).enter(factor)).turnOff();
});
