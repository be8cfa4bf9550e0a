import assert from 'node:assert/strict';
import { test } from 'node:test';
import { accounts } from '../../support/ispconfig/accounts.js';
import type { Person } from './person.js';
import { type Behind, behindGateway } from './setup.js';

const setup = await behindGateway();
const { panel, person, go, heard, database } = setup;
const factor = await person(accounts.client1).enrol();
const INSIDE = /Logout client1|id="pageForm"|Welcome client1/;

test('A16 an id that the visitor chose never reaches the panel, and the panel gives him another', async () => {
  const cookie = 'ISPCSESS=attackerchosen0001';
  const requests = await heard(async () => {
    const reply = await go('/login/', { cookie });
    assert.match(reply.cookie, /^ISPCSESS=[a-v0-9]{26}$/);
  });
  assert.deepEqual(
    requests.flatMap(({ headers }) => headers.filter(([name]) => name === 'cookie')),
    [],
  );
});

async function plantedLogin({ go, person }: Behind, planted: string): Promise<Person> {
  const victim = person(accounts.client2);
  const fields = { username: accounts.client2.name, password: accounts.client2.password };
  const reply = await go('/login/index.php', { cookie: `ISPCSESS=${planted}`, fields });
  assert.equal(reply.location, '../index.php');
  victim.cookies.set('ISPCSESS', planted);
  victim.cookies.take(reply.setCookies);
  return victim;
}

test('A16 an id that was planted before the login opens nothing afterwards', async () => {
  const planted = (await go('/login/')).cookie.slice('ISPCSESS='.length);
  const victim = await plantedLogin(setup, planted);
  assert.notEqual(victim.sessionId, planted);
  assert.equal(await victim.nameInShell(), 'client2');
  assert.equal((await go('/index.php', { cookie: `ISPCSESS=${planted}` })).location, '/login/');
});

test('without session_regenerate_id: no other cookie comes, and the code is asked for all the same', async () => {
  panel.settings.sessionRegenerateId = false;
  try {
    const mine = await person(accounts.client2).enrol();
    const planted = (await go('/login/')).cookie.slice('ISPCSESS='.length);
    const victim = await plantedLogin(setup, planted);
    assert.equal(victim.sessionId, planted, 'the id stays');
    assert.equal((await victim.get('/index.php')).location, '/2fa/login');
    assert.equal((await victim.giveCode(mine.recoveryCode)).location, '/index.php');
    assert.equal(await victim.nameInShell(), 'client2');
    const without = await go('/index.php', { cookie: `ISPCSESS=${planted}` });
    assert.doesNotMatch(without.body, INSIDE, 'who planted the id has no clearance');
  } finally {
    panel.settings.sessionRegenerateId = true;
  }
});

test('without session_regenerate_id: an id that lives again after logout has no clearance any more', async () => {
  panel.settings.sessionRegenerateId = false;
  try {
    const mine = await person(accounts.second).enrol();
    const somebody = await person(accounts.second).enter(mine);
    const before = somebody.sessionId;
    await somebody.get('/login/logout.php');
    await setup.nextSecond();
    // The panel takes the dead id of any direct visitor for a new one; ours has to come from its own login page.
    const row =
      'INSERT INTO sys_session (session_id, date_created, last_updated, session_data) VALUES (?, NOW(), NOW(), ?)';
    await database.query(row, [before, '']);
    assert.equal((await somebody.logIn()).location, '/index.php');
    assert.equal(somebody.sessionId, before, 'the same id lives again');
    assert.equal(
      (await somebody.get('/index.php')).location,
      '/2fa/login',
      'A34 and its old clearance is worth nothing',
    );
  } finally {
    panel.settings.sessionRegenerateId = true;
  }
});

test('a list filter that looks like a session changes nobody', async () => {
  const somebody = await person(accounts.client1).enter(factor);
  const trap = 'X}s|a:1:{s:4:"user";a:2:{s:6:"userid";s:1:"1";s:6:"active";s:1:"1";}}ü';
  await somebody.post('/mail/mail_user_list.php', { search_name: trap });
  assert.ok(
    (await database.sessions()).some(({ text }) => text.includes(trap)),
    'it is stored as it is',
  );
  assert.equal(await somebody.nameInShell(), 'client1');
});

test('A34 a cleared session without its clearance opens nothing, gets no new tries and is ended', async () => {
  const somebody = await person(accounts.client1).enter(factor);
  const thief = person(accounts.client1);
  thief.cookies.set('ISPCSESS', somebody.sessionId);
  assert.equal((await thief.get('/index.php')).location, '/login/?twofa=expired');
  assert.equal(await somebody.nameInShell(), undefined);
});
