import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import type { AccountKey } from '../../../src/core/account/account.js';
import { Openings } from '../../../src/core/gate/opening.js';
import { KeyRing } from '../../../src/core/keys/key-ring.js';
import type { GatewayHost, PanelCall } from '../../../src/hosts/gateway-host.js';
import { ispconfigHost } from '../../../src/hosts/ispconfig/ispconfig.js';
import { PASSWORD, type PanelTables, startPanelTables } from './panel-tables.js';
import { mailUser, type Php, panelUser } from './php-session.js';
import { request, withSession } from './requests.js';

let panel: PanelTables;
let host: GatewayHost;
const openings = new Openings(
  new KeyRing({ active: 'aaaaaaaa', keys: new Map([['aaaaaaaa', Buffer.alloc(32, 1)]]) }),
);
const calls: PanelCall[] = [];
const logged: string[] = [];
let loginPage = '';
let onCall = async (_call: PanelCall) => {};

before(async () => {
  panel = await startPanelTables();
  host = await ispconfigHost({
    database: panel.url,
    publicUrl: 'https://panel.example.test:8080',
    needsCode: async () => false,
    openings,
    sessionNames: ['addon'],
    loginSteps: { mystep: ['/my-step/page.php', '/my-step/page.css'] },
    log: (message) => void logged.push(message),
    callPanel: async (call) => {
      calls.push(call);
      await onCall(call);
      return { status: 200, body: Buffer.from(loginPage) };
    },
  });
});
after(async () => {
  await host.close();
  await panel.stop();
});

const loggedIn = (user: Php, more: Readonly<Record<string, Php>> = {}) =>
  panel.open({ s: { user }, ...more });

async function sessionOf(id: string) {
  const identity = await host.identify(withSession('/index.php', id));
  assert.equal(identity.kind, 'session');
  return identity.kind === 'session' ? identity.session : assert.fail();
}

async function sentCookie(id: string, url = '/index.php') {
  const prepared = await host.prepare(withSession(url, id));
  return prepared.kind === 'forward' ? prepared.cookie() : assert.fail(prepared.reason);
}

test('users and mail users with the same number are different accounts, by their live rows', async () => {
  const client = await sessionOf(await loggedIn(panelUser(3)));
  assert.deepEqual(client.account, {
    realm: 'user',
    id: '3',
    name: 'client1',
    role: 'client',
    language: 'cs',
  });
  assert.equal(client.actor, client.account);
  const mail = await sessionOf(await loggedIn(mailUser(1)));
  assert.deepEqual(mail.account, {
    realm: 'mailuser',
    id: '1',
    name: 'mbox@example.test',
    role: 'mailuser',
    language: 'cs',
  });
  assert.equal((await sessionOf(await loggedIn(panelUser(2)))).account.role, 'reseller');
  assert.equal((await sessionOf(await loggedIn(panelUser(1)))).account.role, 'admin');
  assert.equal((await sessionOf(await loggedIn(mailUser(3)))).account.language, undefined);
});

test("the start of a session is its row's, on the panel's clock", async () => {
  const id = await loggedIn(panelUser(3));
  const [row] = await panel.server.execute(
    `SELECT UNIX_TIMESTAMP(date_created) AS start, UNIX_TIMESTAMP(NOW()) AS now FROM dbispconfig.sys_session WHERE session_id = '${id}'`,
  );
  assert.equal((await sessionOf(id)).start, Number(row?.start) * 1000);
  assert.ok(Math.abs((await host.now()) - Number(row?.now) * 1000) <= 2_000);
});

test('a session id in another case is the same session, and the panel gets the spelling of the database', async () => {
  const id = await loggedIn(panelUser(3));
  assert.equal((await sessionOf(id.toUpperCase())).id, id);
  assert.equal(await sentCookie(id.toUpperCase()), `ISPCSESS=${id}`);
});

test('an id that is not in sys_session is never sent on: no planted id, no unknown id that passes', async () => {
  const ctx = withSession('/login/', 'attackerchosen0001');
  assert.deepEqual(await host.identify(ctx), { kind: 'anonymous' });
  assert.equal(await sentCookie('attackerchosen0001', '/login/'), undefined);
});

test('an anonymous session keeps its cookie on the login page', async () => {
  const id = await panel.open({ s: { id: 'x', theme: 'default' } });
  assert.deepEqual(await host.identify(withSession('/login/', id)), { kind: 'anonymous' });
  assert.equal(await sentCookie(id, '/login/'), `ISPCSESS=${id}`);
});

/** As the browser of somebody who was first in this session sends it. */
async function openedBy(id: string, opener: number | undefined) {
  if (opener === undefined) return withSession('/index.php', id);
  const [row] = await panel.server.execute(
    `SELECT UNIX_TIMESTAMP(date_created) AS start FROM dbispconfig.sys_session WHERE session_id = '${id}'`,
  );
  const session = { id, start: Number(row?.start) * 1000 };
  const proof = openings.issue(session, { realm: 'user', id: String(opener) });
  return request('/index.php', { headers: { cookie: `ISPCSESS=${id}; __Host-panel-2fa-opener=${proof}` } });
}

/** The rule by which it is refused; undefined when it is not. */
async function ruleOf(id: string, opener?: number) {
  const ctx = await openedBy(id, opener);
  const identity = await host.identify(ctx);
  const prepared = await host.prepare(ctx);
  if (identity.kind !== 'refused') return undefined;
  assert.equal(
    prepared.kind === 'forward' && (await prepared.cookie()),
    undefined,
    'the panel is not shown it',
  );
  return `${identity.session.rule}, ${identity.because}`;
}

const REFUSED: readonly (readonly [string, Php, string])[] = [
  ['of nobody', { username: 'x', active: '1' }, 'wrong-user, refused'],
  ['an admin in the session only', panelUser(3, { typ: 'admin' }), 'kind, changed'],
  ['an admin in the live row only', panelUser(1, { typ: 'user' }), 'kind, changed'],
  ['with another kind', panelUser(3, { typ: 'User' }), 'kind, changed'],
  ['with a module more', panelUser(3, { modules: 'dashboard,tools,admin' }), 'modules, changed'],
  ['with a module in other letters', panelUser(3, { modules: 'Tools' }), 'modules, changed'],
  ['with the group of somebody else', panelUser(3, { groups: '3,2' }), 'groups, changed'],
  ['with a group that is a statement', panelUser(3, { groups: '3,0) OR (1=1' }), 'groups, changed'],
  ['with another group of its own', panelUser(3, { default_group: '2' }), 'default-group, changed'],
  ['of another client', panelUser(3, { client_id: '1' }), 'client, changed'],
  ['of no client', panelUser(3, { client_id: '0' }), 'client, changed'],
  ['that is a mailbox with a kind', mailUser(1, { typ: 'admin' }), 'kind, changed'],
  ['that is a mailbox with modules', mailUser(1, { modules: 'mailuser,mail' }), 'modules, changed'],
  ['that is a mailbox with groups', mailUser(1, { groups: '1' }), 'groups, changed'],
  ['that is a mailbox of another owner', mailUser(1, { default_group: '4' }), 'default-group, changed'],
  ['that is a mailbox with a client', mailUser(1, { client_id: '2' }), 'client, changed'],
  ['that is a mailbox with another address', mailUser(1, { email: 'x@example.test' }), 'mailbox, changed'],
];
for (const [what, user, rule] of REFUSED) {
  test(`A48 a session of an account ${what} is refused and not shown to the panel`, async () => {
    assert.equal(await ruleOf(await loggedIn(user)), rule);
  });
}

for (const [what, user] of [
  ['blocked since', panelUser(5)],
  ['deleted', panelUser(99)],
  ['not active in the session', panelUser(3, { active: '0' })],
  ['active by another value', panelUser(3, { active: true })],
  ['of a deleted mailbox', mailUser(2)],
] as const) {
  test(`a session of an account ${what} opens nothing and is not shown to the panel`, async () => {
    const id = await loggedIn(user);
    assert.deepEqual(await host.identify(withSession('/index.php', id)), { kind: 'anonymous' });
    assert.equal(await sentCookie(id), undefined);
  });
}

for (const [what, user] of [
  ['less modules than the account has now', panelUser(3, { modules: 'tools' })],
  ['less groups, as a reseller who made a client', panelUser(2, { groups: '2' })],
  ['a group that was deleted with its client', panelUser(2, { groups: '2,4,77' })],
  ['another language and theme', panelUser(3, { language: 'de', theme: 'dark-2.0' })],
  ['a column of another version', panelUser(3, { last_password_change: null, otp_type: 'none' })],
  ['a mailbox, its name as it was typed', mailUser(1, { username: 'MBOX@Example.TEST' })],
] as const) {
  test(`an honest session goes on: ${what}`, async () => {
    assert.equal(await ruleOf(await loggedIn(user)), undefined);
  });
}

test('a session that names no user has nobody in it', async () => {
  const id = await panel.open({ s_old: { user: panelUser(1) }, s: { user: null } });
  assert.deepEqual(await host.identify(withSession('/index.php', id)), { kind: 'anonymous' });
});

const admin2 = () => panelUser(6, { active: '1' });
const STANDINGS: readonly (readonly [string, number, Php | undefined, number | undefined, string])[] = [
  ['an admin who was here first', 3, panelUser(1), 1, '1'],
  ['the reseller who owns the client, and was here first', 4, panelUser(2), 2, '2'],
  ['an admin who came as the reseller', 4, panelUser(2), 1, '1'],
  ['an admin who came as the reseller, back from the client', 2, panelUser(4), 1, '1'],
  ['a client, left over from the way back', 1, panelUser(3), 1, '1'],
  ['a client, left over, with other modules by now', 1, panelUser(3, { modules: 'dns' }), 1, '1'],
  ['a client, left over, and deleted by now', 1, panelUser(99), 1, '1'],
  ['a client, left over, and the browser lost its proof', 1, panelUser(3), undefined, '1'],
  ['somebody who is gone', 3, panelUser(99), undefined, '3'],
  ['a client as his own reseller', 2, panelUser(4), 2, '2'],
  ['the same account', 3, panelUser(3), undefined, '3'],
  ['another client', 3, panelUser(4), undefined, '3'],
  ['a reseller of somebody else', 3, panelUser(2), undefined, '3'],
  ['an admin who never was here', 3, panelUser(1), undefined, 'former'],
  ['an admin in the session of the client', 3, panelUser(1), 3, 'former'],
  ['an admin in the session of the reseller', 2, panelUser(1), 2, 'former'],
  ['a reseller who never was here', 4, panelUser(2), undefined, 'former'],
  ['a reseller in the session of another admin', 3, panelUser(2), 2, 'former'],
  ['an admin who was blocked', 3, admin2(), 6, 'former'],
  ['an admin in the session only', 3, panelUser(4, { typ: 'admin' }), undefined, 'former'],
  ['an admin in the session only, left over', 1, panelUser(4, { typ: 'admin' }), 1, 'former'],
  ['an admin who is gone', 1, panelUser(99, { typ: 'admin' }), 1, 'former'],
  ['nobody, and another was here first', 3, undefined, 1, 'former'],
  ['an admin with a module more', 3, panelUser(1, { modules: 'dashboard,vm' }), 1, 'modules'],
  ['an admin with a group more', 3, panelUser(1, { groups: '1,2' }), 1, 'groups'],
  ['an admin with another group', 3, panelUser(1, { default_group: '2' }), 1, 'default-group'],
  ['an admin with a client', 3, panelUser(1, { client_id: '2' }), 1, 'client'],
  ['a reseller of another client', 4, panelUser(2, { client_id: '3' }), 2, 'client'],
];
for (const [what, account, former, opener, expected] of STANDINGS) {
  test(`A26 A48 "login as": the actor when the former identity is ${what}`, async () => {
    const s_old = former === undefined ? {} : { s_old: { user: former } };
    const id = await panel.open({ ...s_old, s: { user: panelUser(account) } });
    const identity = await host.identify(await openedBy(id, opener));
    if (identity.kind === 'session') {
      assert.equal(identity.session.account.id, String(account));
      assert.equal(identity.session.actor.id, expected);
    } else assert.equal(identity.kind === 'refused' && identity.session.rule, expected);
  });
}

test('A48 a mailbox has no former identity', async () => {
  const id = await panel.open({ s_old: { user: panelUser(1) }, s: { user: mailUser(1) } });
  assert.equal(await ruleOf(id), 'former, refused');
  assert.equal(await ruleOf(id, 1), 'former, refused');
});

test('who may "login as" gets a proof of this session; a client needs none, and who has one gets no other', async () => {
  const given = async (user: Php, opener?: number) => {
    const ctx = await openedBy(await loggedIn(user), opener);
    await host.identify(ctx);
    return [ctx.response.get('Set-Cookie') ?? []].flat();
  };
  for (const [user, opener] of [
    [panelUser(1), 1],
    [panelUser(2), 2],
  ] as const) {
    const [cookie = '', ...more] = await given(user);
    assert.match(
      cookie,
      /^__Host-panel-2fa-opener=aaaaaaaa\.user\.\d\.[\w-]{43}; Path=\/; HttpOnly; SameSite=Lax; Secure$/,
    );
    assert.deepEqual([more, await given(user, opener)], [[], []]);
  }
  assert.deepEqual([await given(panelUser(3)), await given(mailUser(1))], [[], []]);
});

const OTP = { paths: ['/login/otp.php'], beforeCode: true };
const FORCED = {
  paths: ['/login/force_password_change.php', '/js/scrigo.js.php'],
  beforeCode: false,
};
const ADD_ON = { paths: ['/my-step/page.php', '/my-step/page.css'], beforeCode: false };
const UNKNOWN = { paths: [], beforeCode: false };
const csrf = { _csrf: {}, _csrf_timeout: {}, s: { id: 'x', theme: 'default' } };

/** What stands beside `s_pending`, and the step that it is. */
const WAITING: readonly (readonly [string, Readonly<Record<string, Php>>, object])[] = [
  ['a code of the panel', { otp: { type: 'email' }, ...csrf }, OTP],
  ['a new password', { force_password_change: true, ...csrf }, FORCED],
  ['an add-on whose page the operator named', { mystep: 1, ...csrf }, ADD_ON],
  ['such an add-on and the code of the panel', { mystep: 1, otp: {}, ...csrf }, UNKNOWN],
  ['both', { otp: { type: 'email' }, force_password_change: true, ...csrf }, UNKNOWN],
  ['an add-on', { totpauth: true, ...csrf }, UNKNOWN],
  ['an add-on that the operator named', { addon: true, ...csrf }, UNKNOWN],
  ['an add-on beside the code of the panel', { otp: { type: 'email' }, totpauth: true }, UNKNOWN],
  ['a named add-on that is always there', { addon: 1, force_password_change: true }, FORCED],
  ['nothing that is known', { ...csrf }, UNKNOWN],
  ['a step that is over', { otp: null, force_password_change: false, ...csrf }, UNKNOWN],
  ['the letters of a step, not its name', { OTP: {}, ...csrf }, UNKNOWN],
];
for (const [what, beside, step] of WAITING) {
  test(`A57 a session that waits for ${what} is of whoever waits, by his live row`, async () => {
    const id = await panel.open({ s_pending: { user: panelUser(3) }, ...beside });
    const identity = await host.identify(withSession('/index.php', id));
    assert.equal(identity.kind, 'panel-step');
    if (identity.kind !== 'panel-step') return;
    assert.deepEqual(identity.step, step);
    const { account, actor, ...session } = identity.session;
    assert.deepEqual([session.id, account.name, actor.id], [id, 'client1', '3']);
    assert.equal(await sentCookie(id, '/login/otp.php'), `ISPCSESS=${id}`);
  });
}

test('A57 the log tells of a step that is not known, once, and of none that is', () => {
  const told = logged.filter((line) => line.includes('loginSteps'));
  assert.equal(new Set(told).size, told.length);
  assert.ok(told.some((line) => line.endsWith(': totpauth')));
  assert.ok(!told.some((line) => line.endsWith(': otp') || line.endsWith(': mystep')));
});

for (const [what, user, rule] of [
  ['who is an admin in it only', panelUser(3, { typ: 'admin' }), 'kind, changed'],
  ['with a module more', panelUser(3, { modules: 'dashboard,tools,admin' }), 'modules, changed'],
  ['of nobody', { username: 'x', active: '1' }, 'wrong-user, refused'],
  ['with another address', mailUser(1, { email: 'x@example.test' }), 'mailbox, changed'],
] as const) {
  test(`A57 a session that waits, of somebody ${what}, is refused`, async () => {
    assert.equal(await ruleOf(await panel.open({ s_pending: { user }, force_password_change: true })), rule);
  });
}

test('A57 a session that waits, of a blocked or deleted account, opens nothing', async () => {
  for (const user of [panelUser(5), panelUser(99), mailUser(2)]) {
    const id = await panel.open({ s_pending: { user }, force_password_change: true });
    assert.deepEqual(await host.identify(withSession('/index.php', id)), { kind: 'anonymous' });
    assert.equal(await sentCookie(id), undefined);
  }
});

test('a session that cannot be read is refused and never anonymous', async () => {
  const id = await loggedIn(panelUser(3));
  await panel.server.execute(
    `UPDATE dbispconfig.sys_session SET session_data = CONCAT(session_data, 'y') WHERE session_id = '${id}'`,
  );
  assert.equal(await ruleOf(id), 'unreadable, refused');
});

test('non-ASCII text in a session is counted in bytes', async () => {
  const id = await loggedIn(panelUser(3), { search: { name: 'Žluťoučký kůň — ®' } });
  assert.equal((await sessionOf(id)).account.id, '3');
});

test('ending a session goes through the panel and is proven', async () => {
  const id = await loggedIn(panelUser(3));
  const ctx = withSession('/2fa/login', id);
  const session = await sessionOf(id);
  await assert.rejects(host.endSession(ctx, session), { name: 'StoreUnavailable' });
  onCall = async () => {
    await panel.server.execute(`DELETE FROM dbispconfig.sys_session WHERE session_id = '${id}'`);
  };
  await host.endSession(ctx, session);
  assert.deepEqual(calls.at(-1), {
    target: '/login/logout.php?l=1',
    headers: {
      host: 'panel.example.test:8080',
      'x-forwarded-for': '198.51.100.7',
      'x-real-ip': '198.51.100.7',
      'x-forwarded-proto': 'https',
      cookie: `ISPCSESS=${id}`,
    },
  });
});

test('accounts of both realms by name, with wildcards as plain characters', async () => {
  const names = async (query: string, page = 1, size = 50) => {
    const found = await host.accounts.search(query, page, size);
    return [found.total, ...found.accounts.map(({ name }) => name)];
  };
  assert.deepEqual(await names('client'), [2, 'client1', 'client2']);
  assert.deepEqual(await names('EXAMPLE.test'), [2, 'mbox@example.test', 'orphan@example.test']);
  assert.deepEqual(await names('%'), [1, 'a_b%c']);
  assert.deepEqual(await names('_'), [1, 'a_b%c']);
  assert.deepEqual(await names('!'), [0]);
  assert.deepEqual(await names("' OR 1=1 -- "), [0]);
  assert.deepEqual(await names('\\'), [0]);
  assert.deepEqual(await names('client1\u{1F600}'), [0], 'of four bytes, in columns of utf8mb3');
  assert.deepEqual(await names('', 2, 4), [
    9,
    'client2',
    'mbox@example.test',
    'oldadmin',
    'orphan@example.test',
  ]);
});

test('tables as an update of the panel to 3.3 leaves them are read the same', async () => {
  const collate = async (collation: string) => {
    for (const table of ['sys_user', 'mail_user', 'client', 'sys_session', 'sys_group']) {
      await panel.server.execute(
        `ALTER TABLE dbispconfig.${table} CONVERT TO CHARACTER SET ${collation.split('_', 1)} COLLATE ${collation}`,
      );
    }
  };
  await collate('utf8mb4_unicode_ci');
  try {
    assert.equal((await host.accounts.search('e', 1, 50)).accounts.length, 6);
    const id = await panel.open({ s_old: { user: panelUser(2) }, s: { user: panelUser(4) } });
    const identity = await host.identify(await openedBy(id, 2));
    assert.equal(identity.kind === 'session' && identity.session.actor.name, 'reseller1');
    assert.equal(await ruleOf(await loggedIn(mailUser(1))), undefined);
    assert.equal(
      await ruleOf(await panel.open({ s_old: { user: panelUser(1) }, s: { user: mailUser(1) } })),
      'former, refused',
    );
  } finally {
    await collate('utf8mb3_general_ci');
  }
});

test('an account is found by realm and id, blocked ones too; ids that are no ids are nobody', async () => {
  assert.equal((await host.accounts.find({ realm: 'user', id: '5' }))?.name, 'blocked');
  assert.equal((await host.accounts.find({ realm: 'mailuser', id: '3' }))?.name, 'orphan@example.test');
  for (const id of ['', '0', '03', '3 ', '3 or 1=1', '-1', '1e0', '99']) {
    assert.equal(await host.accounts.find({ realm: 'user', id }), undefined, id);
  }
});

test('only who is an admin now may manage others', async () => {
  const account = (realm: AccountKey['realm'], id: string) =>
    ({ realm, id, name: '', role: 'admin' }) as const;
  const target = account('user', '3');
  const answers = await Promise.all(
    [
      account('user', '1'),
      account('user', '2'),
      account('user', '3'),
      account('user', '6'),
      account('mailuser', '1'),
    ].map((actor) => host.accounts.mayManage(actor, target)),
  );
  assert.deepEqual(answers, [true, false, false, false, false]);
});

test('passwords by realm: plain md5 is for users only', async () => {
  const verify = (realm: AccountKey['realm'], id: string, password: string) =>
    host.verifyPassword({ realm, id, name: '', role: 'client' }, password);
  assert.equal(await verify('user', '3', PASSWORD), true);
  assert.equal(await verify('user', '3', `${PASSWORD} `), false);
  assert.equal(await verify('mailuser', '1', PASSWORD), true);
  assert.equal(await verify('user', '4', 'password'), true);
  assert.equal(await verify('mailuser', '3', 'password'), false);
  assert.equal(await verify('user', '7', ''), false);
  assert.equal(await verify('user', '99', PASSWORD), false);
  assert.equal(await verify('user', '3', 'x'.repeat(257)), false);
});

test('a check of a password does not hold up the event loop, and too many are refused', async () => {
  const account = { realm: 'user', id: '3', name: '', role: 'client' } as const;
  let ticks = 0;
  const begin = performance.now();
  const timer = setInterval(() => {
    ticks += 1;
  }, 2);
  const results = await Promise.allSettled(
    Array.from({ length: 150 }, () => host.verifyPassword(account, PASSWORD)),
  );
  clearInterval(timer);
  const refused = results.filter((result) => result.status === 'rejected');
  assert.ok(refused.length >= 20 && refused.length < 150, `${refused.length} refused`);
  assert.ok(
    refused.every((result) => result.status === 'rejected' && result.reason.name === 'StoreUnavailable'),
  );
  assert.ok(results.every((result) => result.status === 'rejected' || result.value));
  const milliseconds = performance.now() - begin;
  assert.ok(ticks > milliseconds / 40, `${ticks} ticks in ${milliseconds} ms`);
});

test('a database that hangs is a store that is unavailable, within three seconds, and comes back', async () => {
  const id = await loggedIn(panelUser(3));
  await panel.server.pause();
  const begin = Date.now();
  try {
    await assert.rejects(host.identify(withSession('/', id)), { name: 'StoreUnavailable' });
    await assert.rejects(host.accounts.find({ realm: 'user', id: '1' }), { name: 'StoreUnavailable' });
    assert.ok(Date.now() - begin < 5_000);
  } finally {
    panel.server.resume();
  }
  assert.equal((await sessionOf(id)).account.id, '3');
});

test('a database user without the columns is told at the start', async () => {
  await panel.server.execute(
    "CREATE USER 'none'@'127.0.0.1' IDENTIFIED BY 'x'; GRANT SELECT (userid) ON dbispconfig.sys_user TO 'none'@'127.0.0.1'",
  );
  const options = {
    publicUrl: 'https://panel.example.test',
    needsCode: async () => false,
    log: () => {},
    callPanel: async () => ({ status: 200, body: Buffer.alloc(0) }),
  };
  await assert.rejects(
    ispconfigHost({ ...options, database: panel.server.url('none', 'x', 'dbispconfig') }),
    /^Error: The panel's database cannot be read: SELECT command denied to user/,
  );
});

test('static files ask no database and send no cookie', async () => {
  const ctx = withSession('/js/jquery.min.js', 'whatever');
  const prepared = await host.prepare(ctx);
  assert.equal(prepared.kind === 'forward' && (await prepared.cookie()), undefined);
});

test('a login with a session that is logged in is no login', async () => {
  const options = { method: 'POST', body: 'username=a&password=b&login_as=1' };
  const ctx = withSession('/login/index.php', await loggedIn(panelUser(1)), options);
  await host.identify(ctx);
  assert.equal(host.isLogin(ctx), false);
  const anonymous = request('/login/index.php', options);
  assert.equal(host.isLogin(anonymous), true);
  assert.equal(host.loginResult(anonymous, { status: 302, headers: { location: '../index.php' } }), 'right');
  assert.equal(host.loginResult(anonymous, { status: 302, headers: { location: 'otp.php' } }), 'right');
  const forced = { status: 302, headers: { location: 'force_password_change.php' } };
  assert.equal(host.loginResult(anonymous, forced), 'right');
  assert.equal(host.loginResult(anonymous, { status: 302, headers: { location: '/login/' } }), 'neither');
  assert.equal(host.loginResult(anonymous, { status: 200, headers: {} }), undefined, 'its page says it');
  assert.equal(host.loginResult(anonymous, { status: 502, headers: {} }), 'neither');
  assert.equal(host.isLogin(request('/login/index.php')), false);
});

test('the code page looks like the login page: its style sheets and its logo, nothing that runs or comes from elsewhere', async () => {
  const logo = 'data:image/png;base64,iVBORw0KGgo=';
  loginPage = `<!DOCTYPE html><html><head>
    <link rel='stylesheet' href='../themes/default/assets/stylesheets/ispconfig.css?ver=3.2' />
    <link rel='stylesheet' href='https://other.test/x.css'><link rel='stylesheet' href='/index.php?x=.css'>
    <script src='../js/jquery.min.js'></script></head>
    <body><img src="data:image/png;base64,AAAA"><div class="panel-heading"><img src="${logo}"></div></body></html>`;
  const look = await host.loginLook?.(request('/2fa/login'));
  const styleSheets = ['/themes/default/assets/stylesheets/ispconfig.css?ver=3.2'];
  assert.deepEqual(look, { styleSheets, logo });
  assert.equal(calls.at(-1)?.headers.cookie, undefined);
  const asked = calls.length;
  await host.loginLook?.(request('/2fa/login'));
  assert.equal(calls.length, asked, 'it is not asked for every code page');
});

test('after the code comes the start page: a fragment of the shell is no page of its own', async () => {
  const id = await loggedIn(panelUser(3));
  assert.equal(host.mayLeadTo?.(withSession('/login/login_as.php?cid=1', id)), false);
});

test('a panel that hangs does not keep the gateway from starting', async () => {
  const opening = ispconfigHost({
    database: panel.url,
    publicUrl: 'https://panel.example.test:8080',
    needsCode: async () => false,
    log: () => undefined,
    callPanel: () => new Promise(() => undefined),
  });
  const late = delay(15_000, undefined, { ref: false });
  const opened = await Promise.race([opening, late]);
  assert.ok(opened, 'it waits for the panel');
  assert.equal(opened.defaultLanguage?.(), undefined);
  await opened.close();
});
