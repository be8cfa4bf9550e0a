import assert from 'node:assert/strict';
import { test } from 'node:test';
import { accounts, type PanelAccount } from '../../support/ispconfig/accounts.js';
import { optionalGrants } from '../../support/ispconfig/schema.js';
import { code } from '../../support/oathtool.js';
import { AS_SCRIPT, Factor, keyOn, type Person } from './person.js';
import { behindGateway } from './setup.js';

const { person, database, gateway, server } = await behindGateway({ standIn: { totp: true } });
const SECRET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';
const OFFER = /formaction="\/2fa\/settings\/adopt"/;

async function set({ id }: PanelAccount, kind: string, data: string | null): Promise<void> {
  await database.query('UPDATE sys_user SET otp_type = ?, otp_data = ? WHERE userid = ?', [kind, data, id]);
}

const dataOf = (secret: unknown) =>
  JSON.stringify({ totp_secret: secret, otp_email_override: 'x@example.test' });

/** Logged in with the password and the panel's own code. */
async function enter(account: PanelAccount): Promise<Person> {
  const somebody = person(account);
  const reply = await somebody.logIn();
  if (reply.location !== '/login/otp.php') return somebody;
  const page = await somebody.get('/login/otp.php');
  await somebody.submit(page, { code: code(SECRET) });
  return somebody;
}

test('without the grant nothing is offered, nothing is taken, and the start needs it as little as before', async () => {
  await set(accounts.client1, 'totp', dataOf(SECRET));
  const somebody = await enter(accounts.client1);
  assert.doesNotMatch((await somebody.begin()).body, OFFER);
  const { password } = somebody;
  const refused = await somebody.act('adopt', { password, code: code(SECRET) });
  assert.match(refused.body, /can no longer be taken over/);
  assert.doesNotMatch(refused.body, /twofa-codes/);
});

test('with the grant, after a start, it is offered for a key of an app that is on, and for nothing else', async () => {
  const name = /dbname|[^/]+$/.exec(new URL(database.readOnlyUrl).pathname)?.[0] ?? '';
  await server.execute(optionalGrants(name));
  await gateway.restart();
  const { client2 } = accounts;
  for (const [kind, data, isOffered] of [
    ['totp', dataOf(SECRET), true],
    ['none', dataOf(SECRET), false],
    ['email', dataOf(SECRET), false],
    ['totp', null, false],
    ['totp', '', false],
    ['totp', '{', false],
    ['totp', 'null', false],
    ['totp', dataOf(undefined), false],
    ['totp', dataOf(['A'.repeat(32)]), false],
    ['totp', dataOf('A'.repeat(16)), false],
    ['totp', dataOf(`${SECRET}${SECRET}`), false],
    ['totp', dataOf(`${SECRET.slice(1)}1`), false],
    ['totp', dataOf(`${SECRET.slice(1)}<`), false],
  ] as const) {
    await set(client2, 'none', null);
    const somebody = await enter(client2);
    await set(client2, kind, data);
    const page = await somebody.begin();
    assert.equal(OFFER.test(page.body), isOffered, `${kind} ${data}`);
    if (isOffered) assert.doesNotMatch(page.body, new RegExp(SECRET), 'its key is not shown');
  }
  await set(client2, 'none', null);
  const mailbox = person(accounts.mbox);
  await mailbox.logIn();
  assert.doesNotMatch((await mailbox.begin()).body, OFFER);
});

test('password and a code of the entry that the app has: recovery codes, nothing to scan, and Save activates', async () => {
  const { client1 } = accounts;
  const somebody = await enter(client1);
  const shown = keyOn(await somebody.begin());
  const { password } = somebody;
  for (const [fields, text] of [
    [{ password: '', code: code(SECRET) }, /Enter your current password/],
    [{ password: 'wrong', code: code(SECRET) }, /password is wrong/],
    [{ password, code: '' }, /Enter the code that your app shows/],
    [{ password, code: '1234567' }, /code is wrong/],
  ] as const) {
    const refused = await somebody.act('adopt', fields);
    assert.match(refused.body, text);
    assert.equal(keyOn(refused), shown, 'a refused try keeps the key that is shown');
  }
  const typed = code(SECRET);
  const taken = await somebody.act('adopt', { password, code: typed });
  const recoveryCodes = [...taken.body.matchAll(/<li><code>([^<]+)<\/code>/g)].map(
    ([, one]) => one as string,
  );
  assert.equal(recoveryCodes.length, 10);
  assert.match(
    taken.body,
    /id="twofa-end-panel" checked/,
    'Save turns the other one off unless he says otherwise',
  );
  assert.match((await somebody.act('adopt', { password, code: ` ${typed}` })).body, /already been used/);
  const again = await somebody.get('/2fa/settings');
  assert.match(again.body, /Nothing is active yet.*taking over the key/s);
  for (const { body } of [taken, again])
    assert.doesNotMatch(body, new RegExp(`${SECRET}|ABCD EFGH|otpauth:`));

  await somebody.act('save', { twofa_mode: '2fa' });
  assert.match((await somebody.get('/2fa/settings')).body, /data-twofa-state="active"/);
  const row = await database.first('SELECT otp_type FROM sys_user WHERE userid = ?', [client1.id]);
  assert.equal(row?.otp_type, 'totp', "the panel's own is the panel's to turn off");
  await set(client1, 'none', dataOf(SECRET));
  const factor = new Factor(SECRET, recoveryCodes, typed);
  const other = await person(client1).wait();
  assert.match((await other.giveCode(typed)).body, /already been used/);
  assert.equal((await other.giveCode(factor.nextCode)).location, '/index.php');
  const third = await person(client1).enter(factor);
  assert.match((await third.get('/tools/user_settings.php', AS_SCRIPT)).body, /9 recovery codes left/);
});

test('who has 2FA takes nothing over', async () => {
  const { reseller1 } = accounts;
  const somebody = person(reseller1);
  const factor = await somebody.enrol();
  await set(reseller1, 'totp', dataOf(SECRET));
  const { password } = somebody;
  const refused = await somebody.act('adopt', { password, code: code(SECRET) });
  assert.match(refused.body, /changed in the meantime/);
  const moved = await somebody.act('move', { password, code: factor.recoveryCode });
  assert.doesNotMatch((await somebody.follow(moved)).body, OFFER, 'a move is to another phone');
});
