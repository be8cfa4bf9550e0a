import assert from 'node:assert/strict';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import type { Person } from '../gateway/ispconfig/person.js';
import { behindGateway } from '../gateway/ispconfig/setup.js';
import { hidden } from '../stand-in/stand-in.js';
import { Member } from '../support/client-journey.js';
import { Demo } from '../support/demo.js';
import { client1 as demoClient } from '../support/demo-people.js';
import type { PanelAccount } from '../support/ispconfig/accounts.js';
import { accounts } from '../support/ispconfig/accounts.js';
import { encodeSession, type PhpArray, serialize } from '../support/ispconfig/php-session.js';
import { runProcess } from '../support/process.js';
import { inProject } from '../support/project.js';
import { openSqlite } from './sqlite.js';

const { gateway, panel, person, database, heard } = await behindGateway({
  panel: { sessionNames: ['totpauth'] },
});
const { admin, reseller1, client1, client2, mbox } = accounts;
const SCRIPT = { 'x-requested-with': 'XMLHttpRequest' };

async function loggedIn(account: PanelAccount): Promise<Person> {
  const somebody = person(account);
  await somebody.logIn();
  assert.notEqual(await somebody.nameInShell(), undefined);
  return somebody;
}

async function rowOf({ sessionId }: Person) {
  return (await database.sessions()).find(({ id }) => id === sessionId);
}

/** The panel's session of somebody becomes another text. */
async function forge(somebody: Person, change: (data: PhpArray, text: string) => string): Promise<void> {
  const row = await rowOf(somebody);
  assert.ok(row);
  const text = change(row.data, row.text);
  assert.notEqual(text, row.text, 'something was forged');
  await database.query('UPDATE sys_session SET session_data = ? WHERE session_id = ?', [
    text,
    somebody.sessionId,
  ]);
}

const part = (data: PhpArray, name: string) => data[name] as PhpArray;
/** With other fields of the present user. */
const user =
  (fields: PhpArray) =>
  (data: PhpArray): string => {
    Object.assign(part(part(data, 's'), 'user'), fields);
    return encodeSession(data);
  };
/** With somebody as the former identity, a copy of his row as it is, and these fields of it. */
const former =
  (userid: number, fields: PhpArray = {}) =>
  async (): Promise<(data: PhpArray) => string> => {
    const row = (await database.first('SELECT * FROM sys_user WHERE userid = ?', [userid])) ?? {};
    const copy = Object.fromEntries(
      Object.entries(row).map(([name, value]) => [name, value === null ? null : String(value)]),
    );
    return (data) => encodeSession({ s_old: { user: { ...copy, ...fields } }, ...data });
  };

type Forgery = (data: PhpArray, text: string) => string;
const FORGERIES: readonly (readonly [
  string,
  PanelAccount,
  Forgery | (() => Promise<Forgery>),
  string,
  string,
])[] = [
  ['a reference', client1, (_data, text) => `${text}search|R:2;`, 'reference', 'refused'],
  [
    'a reference as the user',
    client1,
    (_data, text) =>
      text
        .replace(/^s\|a:(\d+):/, (_all, count) => `s|a:${Number(count) + 1}:`)
        .replace(/\}$/, 's:1:"x";R:1;}'),
    'reference',
    'refused',
  ],
  ['an object', client1, (_data, text) => `${text}search|O:8:"stdClass":1:{s:1:"a";N;}`, 'object', 'refused'],
  ['a name that nobody knows', client1, (_data, text) => `${text}totpauth2|b:1;`, 'unknown-name', 'refused'],
  [
    'a name of the remote API',
    client1,
    (_data, text) => `${text}client_login|i:1;client_sys_userid|i:1;`,
    'unknown-name',
    'refused',
  ],
  ['a name twice', client1, (_data, text) => text + text, 'key-twice', 'refused'],
  [
    'a key twice',
    client1,
    (_data, text) =>
      text
        .replace(/s:3:"typ";s:4:"user";/, '$&$&')
        .replace(/"user";a:(\d+):/, (_all, count) => `"user";a:${Number(count) + 1}:`),
    'key-twice',
    'refused',
  ],
  [
    'a number twice, once as a text',
    client1,
    (_data, text) => `${text}search|a:2:{i:1;N;s:1:"1";N;}`,
    'unreadable',
    'refused',
  ],
  [
    'more in it than a session has room for, as a list filter of 3 MB',
    client1,
    (_data, text) => `${text}search|s:3000000:"${'x'.repeat(3_000_000)}";`,
    'too-large',
    'refused',
  ],
  ['something behind its end', client1, (_data, text) => `${text};`, 'unreadable', 'refused'],
  ['a kind that is true', client1, user({ typ: true }), 'wrong-user', 'refused'],
  ['an id that is true', client1, user({ userid: true }), 'wrong-user', 'refused'],
  ['the kind of an admin', client1, user({ typ: 'admin' }), 'kind', 'changed'],
  ['the kind of a user, of an admin', admin, user({ typ: 'user' }), 'kind', 'changed'],
  ['a module more', client1, user({ modules: 'dashboard,mail,admin' }), 'modules', 'changed'],
  ['the name of another client', client1, user({ username: 'client2' }), 'name', 'changed'],
  ['his name in another case', client1, user({ username: 'CLIENT1' }), 'name', 'changed'],
  ["a user's name, of a mailbox", mbox, user({ username: 'client1' }), 'name', 'changed'],
  ['a language that is a path', client1, user({ language: '../../tmp' }), 'wrong-user', 'refused'],
  ['a group more', client1, user({ groups: '3,4' }), 'groups', 'changed'],
  ['a group that is a statement', client1, user({ groups: '3) OR (1=1' }), 'groups', 'changed'],
  ['another group', client1, user({ default_group: '4' }), 'default-group', 'changed'],
  ['another client', client1, user({ client_id: '3' }), 'client', 'changed'],
  ['the id of somebody else', client1, user({ userid: '4' }), 'default-group', 'changed'],
  ['the kind of an admin, of a mailbox', mbox, user({ typ: 'admin' }), 'kind', 'changed'],
  ['modules of a mailbox', mbox, user({ modules: 'mailuser,mail' }), 'modules', 'changed'],
  ['groups of a mailbox', mbox, user({ groups: '1' }), 'groups', 'changed'],
  ['another mailbox', mbox, user({ mailuser_id: '2' }), 'mailbox', 'changed'],
  ['an admin who never was here', client1, former(1), 'former', 'refused'],
  ['an admin who never was here, before a reseller', reseller1, former(1), 'former', 'refused'],
  ['an admin who never was here, before a mailbox', mbox, former(1), 'former', 'refused'],
  ['his reseller, who never was here', client2, former(2), 'former', 'refused'],
  ['a former client with the kind of an admin', client1, former(4, { typ: 'admin' }), 'former', 'refused'],
  ['the same, before an admin', admin, former(4, { typ: 'admin' }), 'former', 'refused'],
];

for (const [what, account, given, rule, notice] of FORGERIES) {
  test(`A48 a session with ${what} opens nothing and is ended`, async () => {
    const change = given.length === 0 ? await (given as () => Promise<Forgery>)() : (given as Forgery);
    const somebody = await loggedIn(account);
    await forge(somebody, change);
    const ended = somebody.sessionId;
    const requests = await heard(async () => {
      const reply = await somebody.get('/tools/user_settings.php');
      assert.equal(reply.location, `/login/?twofa=${notice}`);
      assert.match(
        (await somebody.follow(reply)).body,
        notice === 'changed' ? /Your account was changed\./ : /Your session was ended/,
      );
    });
    const targets = requests.map(({ target }) => target);
    assert.deepEqual(targets, ['/login/logout.php?l=1', '/login/'], 'the panel is asked for nothing else');
    const rows = await database.query('SELECT * FROM sys_session WHERE session_id = ?', [ended]);
    assert.deepEqual(rows, []);
    assert.match(
      gateway.output,
      new RegExp(`"event":"session\\.refused","address":"127\\.0\\.0\\.1",.*"reason":"${rule}"`),
    );
    await somebody.logIn();
    assert.notEqual(await somebody.nameInShell(), undefined, 'he logs in again');
  });
}

test('A48 of a session that is refused the audit log has one row, however many requests it sends', async () => {
  const somebody = await loggedIn(client1);
  await forge(somebody, user({ modules: 'dashboard,vm' }));
  const list = async () => {
    const args = [inProject('dist/cli.js'), 'audit', 'list', '--config', gateway.configFile];
    const { output } = await runProcess(process.execPath, args);
    return output.split('\n').filter((line) => /session\.refused .*modules/.test(line));
  };
  const before = (await list()).length;
  const replies = await Promise.all(
    [
      '/index.php',
      '/nav.php?nav=top',
      '/2fa/settings',
      '/keepalive.php',
      '/login/',
      '/datalogstatus.php',
    ].map((path) => somebody.get(path, SCRIPT)),
  );
  for (const { body } of replies) assert.doesNotMatch(body, /pageForm|Welcome|twofa-mode/);
  const lines = await list();
  assert.equal(lines.length, before + 1);
  assert.match(lines.at(-1) ?? '', /127\.0\.0\.1.*user:3 "client1".*: modules/);
});

test('A48 a session that cannot be ended stays refused, and nothing of it is shown', async () => {
  const somebody = await loggedIn(client1);
  await forge(somebody, user({ typ: 'admin' }));
  panel.misbehaviour.keepsSessions = true;
  try {
    assert.equal((await somebody.get('/index.php')).status, 503);
  } finally {
    panel.misbehaviour.keepsSessions = false;
  }
  assert.equal((await somebody.get('/2fa/settings')).location, '/login/?twofa=changed');
});

test('A26 A48 who came by "login as" goes on with his proof, and nobody without it', async () => {
  const somebody = await loggedIn(admin);
  const form = await somebody.get('/login/login_as.php?cid=2', SCRIPT);
  const fields = {
    username: hidden(form.body, 'username'),
    password: hidden(form.body, 'password'),
    login_as: '1',
  };
  assert.match((await somebody.post('/login/index.php', fields, SCRIPT)).body, /^LOGIN_REDIRECT:/);
  assert.equal(await somebody.nameInShell(), 'client1');
  const proof = somebody.cookies.get('panel-2fa-opener') ?? '';
  const other = await loggedIn(admin);
  const [row] = await database.query('SELECT * FROM sys_session WHERE session_id = ?', [somebody.sessionId]);
  for (const stolen of [
    undefined,
    other.cookies.get('panel-2fa-opener'),
    proof.replace('.user.1.', '.user.6.'),
    `${proof}=`,
    proof.replace(/^[^.]+/, '00000000'),
  ]) {
    const thief = somebody.thief();
    thief.cookies.set('panel-2fa-opener', stolen);
    assert.equal((await thief.get('/index.php')).location, '/login/?twofa=refused', stolen);
    await database.query('INSERT INTO sys_session SET ?', [row]);
  }
  assert.equal(await somebody.nameInShell(), 'client1');
});

test('A48 a page that the panel made for somebody else does not go out', async () => {
  const [somebody, other] = [await loggedIn(client1), await loggedIn(client2)];
  const theirs = (await rowOf(other))?.text;
  panel.misbehaviour.slowness = 400;
  try {
    const reply = somebody.get('/index.php');
    await delay(150);
    await database.query('UPDATE sys_session SET session_data = ? WHERE session_id = ?', [
      theirs,
      somebody.sessionId,
    ]);
    const { location, body } = await reply;
    assert.equal(location, '/index.php');
    assert.doesNotMatch(body, /client2|pageForm/);
  } finally {
    panel.misbehaviour.slowness = 0;
  }
  await gateway.said(/"reason":"the session changed meanwhile","msg":"page withheld"/);
});

test('A48 a page that its visitor may not see does not go out, whatever the panel takes him for', async () => {
  const boss = await loggedIn(admin);
  const page = await boss.get('/admin/users_edit.php?id=4', SCRIPT);
  assert.match(page.body, /name="username" value="client2"|id="username"/);
  const headers = { 'content-type': 'text/html; charset=utf-8' };
  panel.misbehaviour.answers.set('/admin/users_edit.php', { status: 200, body: page.body, headers });
  try {
    const somebody = await loggedIn(client1);
    for (const sent of [{}, SCRIPT]) {
      const { body, location } = await somebody.get('/admin/users_edit.php?id=4', sent);
      assert.ok(location === '/index.php' || body === '<script>location.href="/index.php"</script>');
      assert.doesNotMatch(body, /client2/);
    }
    assert.equal(await somebody.nameInShell(), 'client1');
  } finally {
    panel.misbehaviour.answers.clear();
  }
});

test('honest sessions go on: a name of an add-on, what a module keeps, an admin who adds a module or a client', async () => {
  const somebody = await loggedIn(reseller1);
  await forge(
    somebody,
    (_data, text) => `${text}totpauth|b:1;monitor|a:1:{s:9:"server_id";${serialize('1')}}`,
  );
  await database.query(
    "UPDATE sys_user SET modules = CONCAT(modules, ',monitor'), `groups` = '2,4,5', language = 'de' WHERE userid = 2",
  );
  try {
    assert.equal(await somebody.nameInShell(), 'reseller1');
    assert.equal((await somebody.get('/tools/user_settings.php', SCRIPT)).status, 200);
  } finally {
    await database.query(
      "UPDATE sys_user SET modules = REPLACE(modules, ',monitor', ''), `groups` = '2,4', language = 'en' WHERE userid = 2",
    );
  }
});

test('A48 the demo panel: a session that no login wrote, or of somebody else than who logged in, opens nothing', async () => {
  const demo = await Demo.start();
  after(() => demo.stop());
  const sql = await openSqlite(join(demo.data, 'panel.sqlite'));
  const opens = async (change: (data: string) => string) => {
    const member = new Member(demo.url, demoClient);
    await member.logIn();
    const id = member.cookies.get('demo-panel');
    const [row] = (await sql('SELECT data FROM panel_session WHERE id = ?', [id])) as { data: string }[];
    await sql('UPDATE panel_session SET data = ? WHERE id = ?', [change(row?.data ?? ''), id]);
    const { status, location = '' } = await member.get('/');
    const left = (await sql('SELECT id FROM panel_session WHERE id = ?', [id])) as unknown[];
    assert.equal(/^\/login/.test(location), left.length === 0);
    return status === 200;
  };
  assert.equal(await opens((data) => data), true, 'as it was');
  for (const change of [
    (data: string) => data.replace('{', '{"formerId":1,'),
    (data: string) => data.replace(/\}$/, ',"id":1}'),
    (data: string) => data.replace('"realm":"user"', '"realm":"mailuser"'),
    (data: string) => data.replace('"realm":"user"', '"realm":"admin"'),
    (data: string) => data.replace(/"id":3/, '"id":"3"'),
    (data: string) => data.replace(/"csrf":"[^"]*"/, '"csrf":true'),
    (data: string) => data.replace(/"start":\d+/, '"start":"0"'),
    (data: string) => data.slice(0, -2),
    () => 'null',
    () => '[]',
  ])
    assert.equal(await opens(change), false, String(change));
});
