import assert from 'node:assert/strict';
import { test } from 'node:test';
import { theForm } from '../../support/html-forms.js';
import { accounts, type PanelAccount } from '../../support/ispconfig/accounts.js';
import { AS_SCRIPT, type Factor, type Person, WRONG } from './person.js';
import { behindGateway } from './setup.js';

const PAGE = '/login/force_password_change.php';
const NEW = 'New-Passw0rd!';
// More logins than this are made here: a right password that leads to the page is not counted as a wrong one.
const setup = await behindGateway({
  standIn: { passwordDates: true },
  config: { loginsPerMinute: 3, requiredFor: ['reseller'] },
  panel: { loginSteps: { next_step: ['/next-step/page.php', '/next-step/page.css'] } },
});
const { person, panel, database, heard } = setup;
const { client1, client2, client3, reseller1, mbox, second } = accounts;
const factors = new Map<PanelAccount, Factor>();
for (const account of [client1, mbox]) factors.set(account, await person(account).enrol());
const stored = await database.query('SELECT userid, passwort FROM sys_user');
panel.settings.passwordDays = 30;

const lives = async (sessionId: string) => (await database.sessions()).some(({ id }) => id === sessionId);
const recoveryCode = (account: PanelAccount) => factors.get(account)?.recoveryCode ?? assert.fail();

/** Somebody whose password was right and has been his for 30 days. */
async function overdue(account: PanelAccount): Promise<Person> {
  panel.settings.mailUsersOverdue = account.name.includes('@');
  for (const { userid, passwort } of stored)
    await database.query(
      'UPDATE sys_user SET passwort = ?, last_password_change = CURDATE() - INTERVAL 30 DAY WHERE userid = ?',
      [passwort, userid],
    );
  const somebody = person(account);
  assert.equal((await somebody.logIn()).location, PAGE);
  return somebody;
}

const passwords = (password: string) => ({ new_password: password, confirm_password: password });

/** Sets a new password on the panel's own page, at the second try. */
async function change(somebody: Person): Promise<void> {
  const refused = await somebody.submit(await somebody.get(PAGE), passwords('short'));
  assert.equal(refused.status, 200);
  assert.equal((await somebody.submit(refused, passwords(NEW))).location, '/index.php');
}

const CLOSED = [
  ...['/', '/index.php', '/login/', '/login/index.php', '/login/otp.php', '/login/login_as.php'],
  ...['/login/password_reset.php', '/keepalive.php', '/tools/user_settings.php', '/admin/users_list.php'],
  ...['/2fa/settings', '/2fa/accounts', '/2fa/accounts/user/1'],
];

/** Whatever somebody asks for or sends leads to `way`, and the panel hears nothing of it. */
async function assertShut(somebody: Person, way: string): Promise<void> {
  const requests = await heard(async () => {
    for (const path of CLOSED) assert.equal((await somebody.get(path)).location, way, path);
    for (const path of ['/nav.php?nav=top', '/datalogstatus.php', '/mail/mail_user_list.php'])
      assert.equal((await somebody.get(path, AS_SCRIPT)).body, `<script>location.href="${way}"</script>`);
    for (const path of ['/tools/user_settings.php', '/login/index.php', '/login/password_reset.php'])
      assert.equal((await somebody.post(path, { passwort: 'x' })).location, way, path);
  });
  assert.deepEqual(
    requests.map(({ target }) => target).filter((target) => target !== '/login/'),
    [],
    'nothing but our look at the login page for its style',
  );
}

/** The session waits for something else. */
async function waitFor(mark: string, { sessionId }: Person): Promise<void> {
  await database.query(
    "UPDATE sys_session SET session_data = REPLACE(session_data, 'force_password_change|b:1;', ?) WHERE session_id = ?",
    [mark, sessionId],
  );
}

/** Account, its name in the panel, and whether a code of ours comes first. */
for (const [account, asked, what] of [
  [client2, false, 'a client without 2FA'],
  [client1, true, 'a client with 2FA'],
  [second, false, 'a mail user without 2FA, whom the older check always takes for overdue'],
  [mbox, true, 'a mail user with 2FA'],
] as const) {
  test(`A57 the new password of ${what}`, async () => {
    const somebody = await overdue(account);
    const { sessionId } = somebody;
    if (asked) {
      await assertShut(somebody, '/2fa/login');
      const requests = await heard(async () => {
        for (const path of [PAGE, '/js/scrigo.js.php'])
          assert.equal((await somebody.get(path)).location, '/2fa/login', path);
        assert.equal((await somebody.post(PAGE, passwords(NEW))).location, '/2fa/login');
      });
      assert.deepEqual(requests, [], 'no new password before our code');
      assert.equal((await somebody.giveCode(WRONG)).status, 422);
      assert.equal((await somebody.get(PAGE)).location, '/2fa/login');
      const cleared = await somebody.giveCode(recoveryCode(account));
      assert.equal((await somebody.follow(cleared)).path, PAGE);
    }
    await assertShut(somebody, PAGE);
    assert.equal((await somebody.get('/js/scrigo.js.php')).status, 200);
    assert.equal((await somebody.get('/js/jquery.min.js')).status, 200);
    const link = /<a href="(\/2fa\/step)">Log out and start over<\/a>/.exec((await somebody.get(PAGE)).body);
    const way = await somebody.get(link?.[1] ?? assert.fail('no way out'));
    assert.match(way.body, /<a href="\/login\/force_password_change\.php">Go on/);
    await change(somebody);
    assert.equal(await somebody.nameInShell(), account.name, 'no second code');
    assert.equal(somebody.sessionId, sessionId);
    assert.equal((await somebody.get(PAGE)).location, '/index.php', 'once');
    assert.equal((await somebody.get('/2fa/settings')).status, 200);
  });
}

test('A57 newer releases let mail users through, and who is not due comes straight in', async () => {
  const somebody = await overdue(client2);
  panel.settings.mailUsersOverdue = false;
  await database.query('UPDATE sys_user SET last_password_change = CURDATE() - INTERVAL 29 DAY');
  for (const account of [second, client2])
    assert.equal((await person(account).logIn()).location, '/index.php');
  assert.equal((await somebody.get(PAGE)).status, 200);
});

test('A57 the clearance of one session is none for another that waits', async () => {
  const first = await overdue(client1);
  await first.giveCode(recoveryCode(client1));
  const other = await overdue(client1);
  for (const name of first.cookies.names)
    if (name !== 'ISPCSESS') other.cookies.set(name, first.cookies.get(name));
  assert.equal((await other.get(PAGE)).location, '/2fa/login');
  assert.equal((await first.get(PAGE)).status, 200);
});

test("A57 the panel's own code, then ours, then the new password", async () => {
  await database.query("UPDATE sys_user SET otp_type = 'email' WHERE userid = 3");
  const somebody = person(client1);
  assert.equal((await somebody.logIn()).location, '/login/otp.php');
  assert.equal((await somebody.get(PAGE)).location, '/login/otp.php');
  assert.equal((await somebody.post(PAGE, passwords(NEW))).location, '/login/otp.php');
  const page = await somebody.get('/login/otp.php');
  const code = /Code: (\d{6})/.exec(panel.mails.at(-1)?.text ?? '')?.[1] ?? assert.fail('no mail');
  assert.equal((await somebody.submit(page, { code })).location, PAGE);
  await assertShut(somebody, '/2fa/login');
  await somebody.giveCode(recoveryCode(client1));
  await change(somebody);
  assert.equal(await somebody.nameInShell(), 'client1');
  await database.query("UPDATE sys_user SET otp_type = 'none'");
});

test('A57 logout, cancelling and five wrong codes end the session that waits', async () => {
  for (const [account, way] of [
    [client2, 'logout'],
    [client1, 'logout'],
    [client2, 'leave'],
    [client1, 'cancel'],
    [client1, 'codes'],
    [mbox, 'cancel'],
  ] as const) {
    const somebody = await overdue(account);
    const { sessionId } = somebody;
    if (way === 'logout') await somebody.get('/login/logout.php');
    if (way === 'leave') {
      const reply = await somebody.submit(await somebody.get('/2fa/step'), {});
      assert.equal(reply.location, '/login/');
    }
    if (way === 'cancel') {
      const { fields } = theForm((await somebody.get('/2fa/login')).body);
      const reply = await somebody.post('/2fa/login/cancel', fields);
      assert.equal(reply.location, '/login/?twofa=cancelled');
      assert.match((await somebody.follow(reply)).body, /The login was cancelled/);
    }
    for (let tries = 1; way === 'codes' && tries <= 5; tries += 1) {
      const reply = await somebody.giveCode(WRONG);
      assert.equal(reply.location, tries < 5 ? undefined : '/login/?twofa=too-many-codes');
    }
    assert.equal(await lives(sessionId), false, way);
    somebody.cookies.set('ISPCSESS', sessionId);
    assert.equal((await somebody.get(PAGE)).location, '/login/');
  }
});

test('A57 A44 whoever must have 2FA meets our set-up after the new password, not before', async () => {
  const somebody = await overdue(reseller1);
  await assertShut(somebody, PAGE);
  await change(somebody);
  assert.equal((await somebody.get('/index.php')).location, '/2fa/settings');
  assert.equal((await somebody.get('/2fa/settings')).status, 200);
});

for (const [account, mark] of [
  [client3, 'totpauth|b:1;'],
  [client1, 'a_step_of_next_year|a:0:{}'],
  [client2, ''],
] as const) {
  test(`A57 a step that nobody knows (${mark || 'nothing but s_pending'}) opens nothing, says so and lets him leave`, async () => {
    const somebody = await overdue(account);
    const { sessionId } = somebody;
    await waitFor(mark, somebody);
    await assertShut(somebody, '/2fa/step');
    for (const path of [PAGE, '/js/scrigo.js.php', '/totpauth/verify.php'])
      assert.equal((await somebody.get(path)).location, '/2fa/step', path);
    const page = await somebody.get('/2fa/step');
    assert.equal(page.status, 200);
    assert.match(page.body, /Your login is not finished/);
    assert.equal((await somebody.post('/2fa/step/leave', {})).status, 403);
    const left = await somebody.submit(page, {});
    assert.equal(left.location, '/login/');
    assert.equal(await lives(sessionId), false);
    assert.match((await somebody.follow(left)).body, /name="username"/);
  });
}

test('A57 the step of an add-on that the operator named: our code first, then its paths and no others', async () => {
  const body = 'the page of the add-on';
  panel.misbehaviour.answers.set('/next-step/', { status: 200, body });
  const somebody = await overdue(client1);
  await waitFor('next_step|s:1:"x";', somebody);
  await assertShut(somebody, '/2fa/login');
  assert.equal((await somebody.get('/next-step/page.php')).location, '/2fa/login');
  await somebody.giveCode(recoveryCode(client1));
  await assertShut(somebody, '/next-step/page.php');
  for (const path of [PAGE, '/next-step/other.php', '/next-step/'])
    assert.equal((await somebody.get(path)).location, '/next-step/page.php', path);
  for (const path of ['/next-step/page.php', '/next-step/page.css'])
    assert.equal((await somebody.get(path)).body, body, path);
  assert.equal((await somebody.post('/next-step/page.php', { code: '1' })).body, body);
});

test('our page about unknown steps is for nobody else', async () => {
  const somebody = person(client2);
  assert.equal((await somebody.get('/2fa/step')).location, '/login/');
  panel.settings.passwordDays = 0;
  await somebody.logIn();
  assert.equal((await somebody.get('/2fa/step')).location, '/index.php');
});
