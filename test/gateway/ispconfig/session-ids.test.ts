import assert from 'node:assert/strict';
import { test } from 'node:test';
import { hidden } from '../../stand-in/stand-in.js';
import { accounts } from '../../support/ispconfig/accounts.js';
import { AS_SCRIPT, type Person } from './person.js';
import { type Behind, behindGateway } from './setup.js';

const setup = await behindGateway();
const { panel, person, go, heard, database, gateway } = setup;
const factor = await person(accounts.client1).enrol();

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

/** How the panel behaves with this *session timeout*, and a session that nobody has used for so many seconds. */
async function idle(
  minutes: number,
  seconds: number,
  stays: 'y' | 'n',
  act: (boss: Person) => Promise<void>,
) {
  const boss = await loggedInAdmin();
  const set = "REPLACE INTO sys_config VALUES ('interface', 'session_timeout', ?)";
  panel.settings.sessionTimeout = minutes;
  await database.query(set, [`${minutes}`]);
  await database.query(
    'UPDATE sys_session SET permanent = ?, last_updated = NOW() - INTERVAL ? SECOND WHERE session_id = ?',
    [stays, seconds, boss.sessionId],
  );
  try {
    await act(boss);
  } finally {
    panel.settings.sessionTimeout = 0;
    await database.query(set, ['0']);
  }
}

async function loggedInAdmin(): Promise<Person> {
  const boss = person(accounts.admin);
  await boss.logIn();
  return boss;
}

for (const [minutes, seconds, stays, isOver] of [
  [10, 601, 'n', true],
  // A little early: the panel looks later than we do.
  [10, 598, 'n', true],
  [10, 580, 'n', false],
  [10, 1_200, 'y', false],
  [0, 1_200, 'n', false],
] as const)
  test(`A59 a session idle for ${seconds} s of ${minutes} min is ${isOver ? 'over' : 'good'}${stays === 'y' ? ', as it stays logged in' : ''}`, async () => {
    for (const path of ['/2fa/accounts', '/2fa/accounts/user/2', '/2fa/settings', '/index.php'])
      await idle(minutes, seconds, stays, async (boss) => {
        const reply = await boss.get(path);
        assert.equal(reply.location, isOver ? '/login/' : undefined, path);
        assert.equal(reply.status, isOver ? 303 : 200, path);
      });
  });

test('A59 a login in a session that is over is a login like any other: counted, told to fail2ban, and to a session of a new id', async () => {
  await idle(10, 900, 'n', async (boss) => {
    const old = boss.sessionId;
    const fields = { username: 'client2', password: 'wrong' };
    const [request] = await heard(async () => {
      assert.equal((await boss.post('/login/index.php', fields)).status, 200);
    });
    assert.equal(request?.sessionId, undefined, 'the panel does not see the old id');
    await gateway.said(/panel-login\.refused.*wrong-password/);
    assert.notEqual(boss.sessionId, old);
    await boss.logIn();
    assert.equal(await boss.nameInShell(), 'admin');
  });
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

/** How the panel answers when its operator has switched session_regenerate_id off. */
async function withoutNewIds(act: () => Promise<void>): Promise<void> {
  panel.settings.sessionRegenerateId = false;
  try {
    await act();
  } finally {
    panel.settings.sessionRegenerateId = true;
  }
}

test('A49 without session_regenerate_id: a login brings no session along, so its id is new all the same', async () => {
  await withoutNewIds(async () => {
    for (const target of ['/login/', '/login/index.php', '/login/index.php?x=1']) {
      const planted = (await go('/login/')).cookie;
      const fields = { username: accounts.client2.name, password: accounts.client2.password };
      const requests = await heard(async () => {
        const { cookie } = await go(target, { cookie: planted, fields });
        assert.match((await go('/index.php', { cookie })).body, /Logout client2/);
        assert.notEqual(cookie, planted);
      });
      assert.equal(requests[0]?.sessionId, undefined, target);
      assert.equal(
        (await go('/index.php', { cookie: planted })).location,
        '/login/',
        'who planted the id has nothing',
      );
    }
  });
});

test('A49 without session_regenerate_id: an id of before a logout does not live again', async () => {
  await withoutNewIds(async () => {
    const somebody = await person(accounts.client1).enter(factor);
    const before = somebody.sessionId;
    await somebody.get('/login/logout.php');
    // The panel takes the dead id of any direct visitor for a new one; ours has to come from its own login page.
    const row =
      'INSERT INTO sys_session (session_id, date_created, last_updated, session_data) VALUES (?, NOW(), NOW(), ?)';
    await database.query(row, [before, '']);
    await somebody.logIn();
    assert.notEqual(somebody.sessionId, before);
    assert.equal(
      (await somebody.get('/index.php')).location,
      '/2fa/login',
      'A34 the old clearance is worth nothing',
    );
  });
});

test('A49 a login as somebody else keeps its id, and is no login without one', async () => {
  await withoutNewIds(async () => {
    const boss = person(accounts.admin);
    await boss.logIn();
    const form = (await boss.get('/login/login_as.php?id=4', AS_SCRIPT)).body;
    const fields = { username: hidden(form, 'username'), password: hidden(form, 'password'), login_as: '1' };
    const before = boss.sessionId;
    assert.match((await boss.post('/login/index.php', fields, AS_SCRIPT)).body, /^LOGIN_REDIRECT:/);
    assert.equal(boss.sessionId, before);
    assert.equal(await boss.nameInShell(), 'client2');
  });
});

for (const [who, location, ended] of [
  ['nobody', '../index.php', false],
  ['nobody', 'otp.php', false],
  ['somebody', '../index.php', true],
] as const) {
  test(`A49 ${who} is let in to ${location} without a session of a new id: refused, told, and ended`, async () => {
    const somebody = person(accounts.client2);
    if (ended) await somebody.logIn();
    const before = somebody.sessionId;
    panel.misbehaviour.answers.set('/login/index.php', { status: 302, body: '', headers: { location } });
    try {
      const fields = { username: accounts.client2.name, password: accounts.client2.password };
      const reply = await somebody.post('/login/index.php', fields);
      assert.equal(reply.status, 502);
      assert.match(reply.body, /does not open a new session at a login.*panel-2fa doctor/);
      assert.equal(reply.setCookies.length, 0);
    } finally {
      panel.misbehaviour.answers.clear();
    }
    await gateway.said(/panel-login\.kept-session: the panel opens no new session/);
    assert.equal(
      (await database.sessions()).some(({ id }) => ended && id === before),
      false,
    );
  });
}

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

test('A34 a cleared session without its clearance opens nothing, gets no new tries and ends nothing', async () => {
  const somebody = await person(accounts.client1).enter(factor);
  const thief = person(accounts.client1);
  thief.cookies.set('ISPCSESS', somebody.sessionId);
  assert.equal((await thief.get('/index.php')).location, '/2fa/login');
  assert.doesNotMatch((await thief.get('/2fa/login')).body, /name="code"/);
  assert.equal(await somebody.nameInShell(), 'client1');
});
