import assert from 'node:assert/strict';
import { test } from 'node:test';
import { hidden, tokenOf } from '../../stand-in/stand-in.js';
import { accounts, type PanelAccount } from '../../support/ispconfig/accounts.js';
import { code } from '../../support/oathtool.js';
import type { Reply } from '../../support/panel-client.js';
import { AS_SCRIPT, type Person } from './person.js';
import { behindGateway } from './setup.js';

const { person, database, panel, server } = await behindGateway({ standIn: { totp: true } });
const SETTINGS = '/tools/user_settings.php';
const SECRET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';
const STILL_ON = /2FA is still on, because the panel has not saved what you chose/;

type Kind = 'none' | 'email' | 'totp';
/** What somebody has: the panel's own, and ours. */
type Have = readonly [panels: Kind, ours: 'ours' | ''];
type Trouble = 'all right' | 'code mistyped' | 'password missing' | 'panel refuses';

/** Somebody with these two, in his settings. */
async function having(account: PanelAccount, [kind, ours]: Have): Promise<Person> {
  await database.query("UPDATE sys_user SET otp_type = 'none', otp_data = NULL WHERE userid = ?", [
    account.id,
  ]);
  const somebody = person(account);
  if (ours) await somebody.enrol();
  else await somebody.logIn();
  await set(account, kind);
  return somebody;
}

async function set({ id }: PanelAccount, kind: Kind): Promise<void> {
  const data = kind === 'totp' ? JSON.stringify({ totp_secret: SECRET }) : null;
  await database.query('UPDATE sys_user SET otp_type = ?, otp_data = ? WHERE userid = ?', [kind, data, id]);
}

async function now(somebody: Person): Promise<Have> {
  const row = await database.first('SELECT otp_type FROM sys_user WHERE userid = ?', [somebody.account.id]);
  const { body } = await somebody.get('/2fa/settings');
  return [String(row?.otp_type) as Kind, /data-twofa-live/.test(body) ? 'ours' : ''];
}

type Fields = Record<string, string>;

/** One Save, as the script in the shell sends it: our part first, the panel's only after it. The page that is shown then. */
async function save(somebody: Person, ours: Fields, panels: Fields): Promise<Reply> {
  const page = await somebody.get(SETTINGS, AS_SCRIPT);
  const slot = await saveOurs(somebody, page, ours);
  if (slot.status !== 200 || !slot.headers.has('x-twofa-slot')) return slot;
  const saved = await savePanels(somebody, page, panels);
  return saved.status === 302 ? somebody.get(SETTINGS, AS_SCRIPT) : saved;
}

function saveOurs(somebody: Person, page: Reply, ours: Fields): Promise<Reply> {
  const fields = { twofa_csrf: hidden(page.body, 'twofa_csrf'), ...ours };
  return somebody.post('/2fa/settings/save', fields, { ...AS_SCRIPT, 'x-twofa-slot': 'twofa-save' });
}

function savePanels(somebody: Person, page: Reply, panels: Fields): Promise<Reply> {
  const fields = { ...tokenOf(page.body), passwort: '', repeat_password: '', ...panels };
  return somebody.post(SETTINGS, fields, AS_SCRIPT);
}

/** Our part of a Save from ours to one of the panel's own. */
function instead(kind: Kind, typed: string): Fields {
  return { twofa_mode: 'none', twofa_instead: kind, twofa_password: typed, twofa_confirm: typed };
}

/** From ours to one of the panel's own. */
async function toPanels(somebody: Person, kind: Kind, trouble: Trouble): Promise<Reply> {
  const { password } = somebody;
  const typed = trouble === 'password missing' ? '' : password;
  const asked = code(SECRET);
  const wrong = asked === '000000' ? '000001' : '000000';
  return save(somebody, instead(kind, typed), {
    otp_type: kind,
    totp_secret: SECRET,
    totp_verification_code: trouble === 'code mistyped' ? wrong : asked,
    ...(trouble === 'panel refuses' && { passwort: 'one', repeat_password: 'another' }),
  });
}

const HANDOVERS: readonly [Have, Kind, Trouble, Have, RegExp][] = [
  [['none', 'ours'], 'totp', 'all right', ['totp', ''], /2FA is off now/],
  [['none', 'ours'], 'totp', 'code mistyped', ['none', 'ours'], STILL_ON],
  [['none', 'ours'], 'totp', 'password missing', ['none', 'ours'], /Enter your current password/],
  [['none', 'ours'], 'totp', 'panel refuses', ['none', 'ours'], STILL_ON],
  [['none', 'ours'], 'email', 'all right', ['email', ''], /2FA is off now/],
  [['none', 'ours'], 'email', 'password missing', ['none', 'ours'], /Enter your current password/],
  [['none', 'ours'], 'email', 'panel refuses', ['none', 'ours'], STILL_ON],
  [['email', 'ours'], 'totp', 'all right', ['totp', ''], /2FA is off now/],
  [['email', 'ours'], 'totp', 'code mistyped', ['email', 'ours'], STILL_ON],
  [['email', 'ours'], 'totp', 'panel refuses', ['email', 'ours'], STILL_ON],
  [['totp', 'ours'], 'email', 'all right', ['email', ''], /2FA is off now/],
  [['totp', 'ours'], 'totp', 'all right', ['totp', ''], /2FA is off now/],
];

for (const [index, [before, kind, trouble, after, told]] of HANDOVERS.entries()) {
  test(`ours, with ${before[0]} of the panel, to its ${kind}, ${trouble}: ${after.join(' ')}`, async () => {
    const account = [accounts.client1, accounts.client2, accounts.reseller1][index % 3] as PanelAccount;
    const somebody = await having(account, before);
    const shown = await toPanels(somebody, kind, trouble);
    assert.match(shown.body, told);
    assert.deepEqual(await now(somebody), after);
    if (after[1]) await somebody.turnOff();
    await set(account, 'none');
  });
}

test('ours goes on and the panel refuses, or the code is mistyped: what the panel has stays', async () => {
  const account = accounts.client1;
  for (const kind of ['email', 'totp'] as const) {
    const somebody = await having(account, [kind, '']);
    await somebody.begin();
    const early = await save(somebody, { twofa_mode: '2fa' }, { otp_type: 'none' });
    assert.match(early.body, /Nothing is active yet/);
    assert.deepEqual(await now(somebody), [kind, '']);
    const page = await somebody.begin();
    await somebody.setUp(page);
    await save(somebody, { twofa_mode: '2fa' }, { otp_type: 'none', passwort: 'one', repeat_password: 'x' });
    assert.deepEqual(await now(somebody), [kind, 'ours'], 'more than before');
    await save(somebody, { twofa_mode: '2fa' }, { otp_type: 'none' });
    assert.deepEqual(await now(somebody), ['none', 'ours'], 'by its own form alone');
    await somebody.turnOff();
  }
});

test('what was agreed is for what was chosen: another kind of the panel, another session and another factor keep ours', async () => {
  const account = accounts.client2;
  const somebody = await having(account, ['none', 'ours']);
  await toPanels(somebody, 'totp', 'code mistyped');
  await set(account, 'email');
  assert.match((await somebody.get(SETTINGS, AS_SCRIPT)).body, STILL_ON);
  assert.deepEqual(await now(somebody), ['email', 'ours']);
  await somebody.turnOff();
  await somebody.setUp(await somebody.begin());
  await set(account, 'totp');
  assert.doesNotMatch((await somebody.get(SETTINGS, AS_SCRIPT)).body, /2FA is off now|still on/);
  assert.deepEqual(await now(somebody), ['totp', 'ours'], 'a factor that came later');
  await somebody.turnOff();
  await set(account, 'none');
});

test('the database away at any step takes nothing off, and what the panel has saved is carried out when it is back', async () => {
  const account = accounts.reseller1;
  const somebody = await having(account, ['none', 'ours']);
  const page = await somebody.get(SETTINGS, AS_SCRIPT);
  const ours = instead('email', somebody.password);
  const away = async (act: () => Promise<Reply>) => {
    await server.pause();
    const reply = await act().finally(() => server.resume());
    assert.equal(reply.status, 503);
    assert.deepEqual(await now(somebody), [reply === shown ? 'email' : 'none', 'ours']);
  };
  let shown: Reply | undefined;
  await away(() => saveOurs(somebody, page, ours));
  assert.equal((await saveOurs(somebody, page, ours)).status, 200);
  await away(() => savePanels(somebody, page, { otp_type: 'email' }));
  assert.match((await somebody.get(SETTINGS, AS_SCRIPT)).body, STILL_ON);
  assert.equal((await savePanels(somebody, page, { otp_type: 'email' })).status, 302);
  await away(async () => {
    shown = await somebody.get(SETTINGS, AS_SCRIPT);
    return shown;
  });
  assert.match((await somebody.get(SETTINGS, AS_SCRIPT)).body, /2FA is off now/);
  assert.deepEqual(await now(somebody), ['email', '']);
  await set(account, 'none');
});

test('who logs in as somebody else after he has agreed keeps his own, whatever the other one has', async () => {
  const { admin, client1 } = accounts;
  const somebody = await having(admin, ['none', 'ours']);
  await toPanels(somebody, 'email', 'panel refuses');
  await set(client1, 'email');
  const form = (await somebody.get('/login/login_as.php?cid=2', AS_SCRIPT)).body;
  const names = { username: hidden(form, 'username'), password: hidden(form, 'password') };
  await somebody.post('/login/index.php', { ...names, login_as: '1' }, AS_SCRIPT);
  assert.equal(await somebody.nameInShell(), 'client1');
  const { body } = await somebody.get(SETTINGS, AS_SCRIPT);
  assert.match(body, /data-twofa-panel="email"/);
  assert.match(body, /data-twofa-state="impersonating"/);
  assert.doesNotMatch(body, /2FA is off now/);
  await set(client1, 'none');
  const again = person(admin);
  assert.equal((await again.logIn()).location, '/index.php');
  assert.equal((await again.get('/index.php')).location, '/2fa/login', 'his factor is there');
});

test('a change of the theme is answered with a page of its own, and ours still goes off', async () => {
  const somebody = await having(accounts.client1, ['none', 'ours']);
  const ours = instead('email', somebody.password);
  const page = await save(somebody, ours, { otp_type: 'email', app_theme: 'dark' });
  assert.match(page.body, /document\.location/);
  assert.deepEqual(await now(somebody), ['email', '']);
  await set(accounts.client1, 'none');
});

test('a mailbox, an account without Tools and one that is somebody else hand nothing over', async () => {
  for (const account of [accounts.mbox, accounts.client3]) {
    const somebody = person(account);
    await somebody.enrol();
    await somebody.act('save', instead('email', somebody.password));
    assert.match(
      (await somebody.get('/2fa/settings')).body,
      /data-twofa-live/,
      'the panel has turned nothing on',
    );
    await somebody.turnOff();
  }
});

test("the page says which of the panel's own there are and which is on, and a refused form does not lie", async () => {
  const account = accounts.client1;
  const somebody = await having(account, ['email', '']);
  const place = /data-twofa-panel="(\w+)" data-twofa-kinds="none email totp"/;
  assert.equal(place.exec((await somebody.get(SETTINGS, AS_SCRIPT)).body)?.[1], 'email');
  const fields = { otp_type: 'totp', passwort: 'one', repeat_password: 'another' };
  const before = panel.requests.length;
  const refused = await save(somebody, {}, fields);
  assert.match(refused.body, /<option value='totp' SELECTED>/, 'what was asked for');
  assert.equal(place.exec(refused.body)?.[1], 'email', 'what is on');
  assert.ok(panel.requests.length > before);
  await set(account, 'none');
});
