import assert from 'node:assert/strict';
import { test } from 'node:test';
import { theForm } from '../../support/html-forms.js';
import { accounts } from '../../support/ispconfig/accounts.js';
import { code } from '../../support/oathtool.js';
import type { Reply } from '../../support/panel-client.js';
import { AS_SCRIPT, Factor, type Person } from './person.js';
import { behindGateway } from './setup.js';

const { panel, person, database } = await behindGateway();

const PAGES = {
  user: { path: '/tools/user_settings.php', password: 'passwort', module: 'tools' },
  mailuser: { path: '/mailuser/mail_user_password_edit.php', password: 'password', module: 'mailuser' },
} as const;
type PanelPage = (typeof PAGES)[keyof typeof PAGES];

/** The document that a browser has when the shell has loaded the page. */
async function shellWith(somebody: Person, page: PanelPage): Promise<string> {
  await somebody.get(`/capp.php?mod=${page.module}`, AS_SCRIPT);
  const shell = await somebody.get('/index.php');
  const fragment = await somebody.get(page.path, AS_SCRIPT);
  assert.match(fragment.body, /data-twofa-place="twofa-save"/);
  return shell.body.replace('<!-- fragments -->', () => fragment.body);
}

/** As our script does when the panel's Save is pressed: our form first, and the panel's only when that worked. */
async function save(somebody: Person, page: PanelPage, ours: Fields, panels: Fields = {}): Promise<Reply[]> {
  const html = await shellWith(somebody, page);
  const slot = { ...theForm(html, 'twofa-save').fields, ...ours };
  const first = await somebody.post('/2fa/settings/save', slot, {
    ...AS_SCRIPT,
    'x-twofa-slot': 'twofa-save',
  });
  if (first.status !== 200) return [first];
  const fields = { ...theForm(html, 'pageForm').fields, ...panels };
  return [first, await somebody.post(page.path, fields, AS_SCRIPT)];
}
type Fields = Record<string, string>;

async function setUp(somebody: Person, page: PanelPage): Promise<Factor> {
  await somebody.get('/index.php');
  assert.equal(
    (await save(somebody, page, { twofa_mode: '2fa' }))[0]?.status,
    422,
    'nothing is registered yet',
  );
  const html = await shellWith(somebody, page);
  const key = /data-twofa-copy="([A-Z2-7]{32})"/.exec(html)?.[1] ?? assert.fail('no key');
  const proof = { password: somebody.password, code: code(key) };
  const registered = await somebody.post(
    '/2fa/settings/register',
    { ...theForm(html, 'twofa-setup').fields, ...proof },
    { ...AS_SCRIPT, 'x-twofa-slot': 'twofa-save' },
  );
  const codes = [...registered.body.matchAll(/<li><code>([^<]+)<\/code>/g)].map(([, text]) => text ?? '');
  assert.equal(codes.length, 10);
  return new Factor(key, codes);
}

for (const [realm, account] of [
  ['user', accounts.client1],
  ['mailuser', accounts.mbox],
] as const) {
  const page = PAGES[realm];

  test(`${realm}: on with a new password in the same Save, login by code, off again`, async () => {
    const somebody = person(account);
    await somebody.logIn();
    assert.equal(await somebody.nameInShell(), account.name, 'without a factor the password is enough');
    const factor = await setUp(somebody, page);

    const fresh = 'new-Passw0rd! ü';
    const [ours, panels] = await save(
      somebody,
      page,
      { twofa_mode: '2fa' },
      { [page.password]: fresh, repeat_password: fresh },
    );
    assert.equal(ours?.status, 200);
    assert.equal(panels?.status, 302, 'the panel saved its part');
    assert.equal(await somebody.nameInShell(), account.name, 'this session goes on');

    const elsewhere = person(account);
    await elsewhere.logIn();
    assert.equal(await elsewhere.nameInShell(), undefined, 'the old password is none any more');
    elsewhere.password = fresh;
    assert.equal((await elsewhere.logIn()).status, 302);
    const waiting = await elsewhere.follow(await elsewhere.get('/index.php'));
    assert.equal(waiting.path, '/2fa/login');
    assert.doesNotMatch(waiting.body, /type="password"|<select|otpauth/, 'a code and nothing else');
    const typed = factor.nextCode;
    const right = await elsewhere.giveCode(`${typed.slice(0, 3)} ${typed.slice(3)}`);
    assert.equal(right.location, '/index.php');
    assert.equal(await elsewhere.nameInShell(), account.name);

    const refused = await save(elsewhere, page, {
      twofa_mode: 'none',
      twofa_password: fresh,
      twofa_confirm: 'x',
    });
    assert.equal(refused[0]?.status, 422);
    const off = { twofa_mode: 'none', twofa_password: fresh, twofa_confirm: fresh };
    assert.deepEqual(
      (await save(elsewhere, page, off)).map(({ status }) => status),
      [200, 302],
    );
    const last = person(account);
    last.password = fresh;
    await last.logIn();
    assert.equal(await last.nameInShell(), account.name, 'the password is enough again');
  });
}

test('no field of ours ever reached the panel, and its own code by e-mail stayed off', async () => {
  const names = panel.fieldNames();
  assert.ok(names.includes('passwort') && names.includes('otp_type'), names.join());
  assert.deepEqual(
    names.filter((name) => /twofa|^code$|^csrf$/.test(name)),
    [],
  );
  assert.equal((await database.first('SELECT otp_type FROM sys_user WHERE userid = 3'))?.otp_type, 'none');
  for (const { headers } of panel.requests)
    assert.ok(!headers.some(([, value]) => value.includes('panel-2fa=')), 'nor our cookie');
});

test('a recovery code logs in once, and a restarted gateway knows it', async () => {
  const { gateway, ...other } = await behindGateway();
  const factor = await other.person(accounts.client3).enrol();
  const spent = factor.recoveryCodes[0] ?? '';
  await other.person(accounts.client3).enter(factor);
  await gateway.restart();
  const again = await other.person(accounts.client3).wait();
  const reply = await again.giveCode(spent.toLowerCase());
  assert.equal(reply.status, 422);
  assert.match(reply.body, /recovery code has already been used/);
});
