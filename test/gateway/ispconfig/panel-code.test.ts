import assert from 'node:assert/strict';
import { test } from 'node:test';
import { accounts } from '../../support/ispconfig/accounts.js';
import { AS_SCRIPT, type Person } from './person.js';
import { type Behind, behindGateway } from './setup.js';

const setup = await behindGateway();
const { person, panel, database, heard } = setup;
const { client1 } = accounts;

async function wantCodeByMail({ database }: Behind, userid: number): Promise<void> {
  await database.query("UPDATE sys_user SET otp_type = 'email' WHERE userid = ?", [userid]);
}

/** The code of the newest mail, typed into the panel's own page. */
async function giveMailedCode(somebody: Person): Promise<void> {
  const page = await somebody.get('/login/otp.php');
  const code = /Code: (\d{6})/.exec(panel.mails.at(-1)?.text ?? '')?.[1] ?? assert.fail('no mail');
  const reply = await somebody.submit(page, { code });
  assert.equal(reply.location, '/index.php');
}

test("the panel's code by e-mail alone works as ever behind the gateway", async () => {
  await wantCodeByMail(setup, 3);
  const somebody = person(client1);
  const reply = await somebody.logIn();
  assert.equal(reply.location, '/login/otp.php');
  await giveMailedCode(somebody);
  assert.equal(await somebody.nameInShell(), 'client1');
});

test('A24 A57 while it is pending, only its page, logout and starting over are open, and every other way leads there', async () => {
  const somebody = person(client1);
  await somebody.logIn();
  const requests = await heard(async () => {
    for (const path of ['/', '/index.php', '/login/login_as.php', '/login/force_password_change.php']) {
      assert.equal((await somebody.get(path)).location, '/login/otp.php', path);
    }
    for (const path of ['/dashboard/dashboard.php', '/nav.php?nav=top', '/datalogstatus.php']) {
      const { body } = await somebody.get(path, AS_SCRIPT);
      assert.equal(body, '<script>location.href="/login/otp.php"</script>', path);
    }
    assert.equal((await somebody.get('/capp.php?mod=tools', AS_SCRIPT)).body, 'URL_REDIRECT:/login/otp.php');
    for (const path of ['/2fa/settings', '/2fa/accounts'])
      assert.equal((await somebody.get(path)).location, '/login/otp.php', path);
    assert.equal((await somebody.get('/js/jquery.min.js')).status, 200);
  });
  assert.deepEqual(
    requests.map(({ target }) => target),
    ['/js/jquery.min.js'],
  );
  for (const path of ['/login/', '/login/password_reset.php', '/keepalive.php', '/js/scrigo.js.php'])
    assert.equal((await somebody.get(path)).status, 200, path);
  assert.match((await somebody.get('/login/logout.php')).body, /^URL_REDIRECT:/);
  assert.match((await somebody.get('/login/')).body, /name="username"/);
});

test('A57 who waits for it may start over, as somebody else and under a new session', async () => {
  const somebody = person(client1);
  await somebody.logIn();
  const { sessionId } = somebody;
  const { name: username, password } = accounts.reseller1;
  const page = await somebody.get('/login/');
  assert.equal((await somebody.submit(page, { username: 'client1', password: 'wrong' })).status, 200);
  assert.equal((await somebody.get('/index.php')).location, '/login/otp.php', 'he waits as before');
  assert.equal((await somebody.submit(page, { username, password })).location, '/index.php');
  assert.equal(await somebody.nameInShell(), 'reseller1');
  assert.notEqual(somebody.sessionId, sessionId);
});

test('both: first the code by e-mail, then ours, and neither alone opens anything', async () => {
  await database.query("UPDATE sys_user SET otp_type = 'none' WHERE userid = 3");
  const factor = await person(client1).enrol();
  await wantCodeByMail(setup, 3);
  const somebody = person(client1);
  assert.equal((await somebody.logIn()).location, '/login/otp.php');
  assert.equal((await somebody.get('/2fa/login')).location, '/login/otp.php', 'ours comes second');
  await giveMailedCode(somebody);
  assert.equal(await somebody.nameInShell(), undefined);
  assert.equal((await somebody.get('/index.php')).location, '/2fa/login');
  assert.equal((await somebody.get('/login/otp.php')).location, '/2fa/login');
  assert.equal((await somebody.giveCode(factor.nextCode)).location, '/index.php');
  assert.equal(await somebody.nameInShell(), 'client1');
});

test('who has 2FA and the code by e-mail sees both in his settings', async () => {
  const somebody = person(accounts.client2);
  await somebody.enrol();
  await wantCodeByMail(setup, 4);
  const { body } = await somebody.get('/tools/user_settings.php', AS_SCRIPT);
  assert.match(body, /<input type="hidden" name="otp_type" value="email" data-twofa-panel-value>/);
  assert.match(body, /<option value="2fa">2FA<\/option>/);
});

test('an older panel without otp columns: the whole way, with our own select', async () => {
  const older = await behindGateway({ standIn: { otpColumns: false } });
  const somebody = older.person(client1);
  await somebody.logIn();
  const { body } = await somebody.get('/tools/user_settings.php', AS_SCRIPT);
  assert.doesNotMatch(body, /otp_type|twofa-mirrored/);
  assert.match(body, /id="twofa-mode"/);
  const factor = await older.person(client1).enrol();
  const again = await older.person(client1).enter(factor);
  assert.equal(await again.nameInShell(), 'client1');
  const admin = older.person(accounts.admin);
  await admin.logIn();
  assert.match(
    (await admin.get('/admin/users_edit.php?id=3', AS_SCRIPT)).body,
    /id="twofa-enabled"[^>]* checked/,
  );
});
