import assert from 'node:assert/strict';
import { test } from 'node:test';
import { hidden } from '../../stand-in/stand-in.js';
import { accounts } from '../../support/ispconfig/accounts.js';
import type { Reply } from '../../support/panel-client.js';
import { AS_SCRIPT, type Factor, type Person } from './person.js';
import { behindGateway } from './setup.js';

const { person, panel, database } = await behindGateway({ config: { clearanceHours: 2 } });
const { client1, admin, mbox } = accounts;

async function timeout(minutes: number, allowEndless: boolean): Promise<void> {
  Object.assign(panel.settings, { sessionTimeout: minutes, allowEndless });
  const set = "REPLACE INTO sys_config VALUES ('interface', 'session_timeout', ?)";
  await database.query(set, [String(minutes)]);
}

/** What the panel's login page sends when "Stay logged in" is ticked, or is not. */
const logIn = (of: Person, stays: boolean) =>
  of.post('/login/index.php', {
    username: of.account.name,
    password: of.password,
    s_mod: 'login',
    s_pg: 'index',
    ...(stays && { stay: '1' }),
  });

async function enter(of: Person, factor: Factor, stays: boolean): Promise<Reply> {
  await logIn(of, stays);
  const reply = await of.giveCode(factor.recoveryCode);
  assert.equal(reply.location, '/index.php');
  return reply;
}

/** How long the browser keeps our clearance. */
const lifeOf = (reply: Reply, name = 'panel-2fa') =>
  reply.setCookies.flatMap((line) =>
    line.startsWith(`${name}=`) ? [/; (Max-Age=.*)$/.exec(line)?.[1]] : [],
  );

await timeout(10, true);
const factor = await person(client1).enrol();

for (const [what, minutes, allowed, ticked, life] of [
  ['stays logged in', 10, true, true, 'Max-Age=7200'],
  ['does not', 10, true, false, undefined],
  ['may not, and asks for it', 10, false, true, undefined],
  ['asks for it where the panel has no time-out', 0, true, true, undefined],
] as const)
  test(`the clearance of who ${what} lasts ${life ?? 'as long as the browser'}`, async () => {
    await timeout(minutes, allowed);
    const of = person(client1);
    assert.deepEqual(lifeOf(await enter(of, factor, ticked)), [life]);
    assert.equal(await of.nameInShell(), 'client1');
    of.cookies.restart();
    assert.equal(await of.nameInShell(), life && 'client1', 'the browser was closed');
    await timeout(10, true);
  });

test('a mail user who sets up 2FA and stays logged in is still inside after a restart', async () => {
  const of = person(mbox);
  await logIn(of, true);
  await of.setUp(await of.begin());
  of.cookies.restart();
  assert.equal(await of.nameInShell(), mbox.name);
});

test('who changes his mind at the next login has a clearance that goes with the browser, and the other way round', async () => {
  const of = person(client1);
  await enter(of, factor, true);
  await of.get('/login/logout.php');
  assert.deepEqual(lifeOf(await enter(of, factor, false)), [undefined]);
  of.cookies.restart();
  assert.equal(await of.nameInShell(), undefined);
  await of.get('/login/logout.php');
  assert.deepEqual(lifeOf(await enter(of, factor, true)), ['Max-Age=7200']);
});

test('an admin who stays logged in is a client after a restart, and comes back', async () => {
  const of = person(admin);
  const own = await of.enrol();
  await of.get('/login/logout.php');
  await enter(of, own, true);
  const send = async (page: Reply) => {
    const fields = { username: hidden(page.body, 'username'), password: hidden(page.body, 'password') };
    const reply = await of.post('/login/index.php', { ...fields, login_as: '1' }, AS_SCRIPT);
    assert.match(reply.body, /^LOGIN_REDIRECT:/);
  };
  await send(await of.get('/login/login_as.php?cid=2', AS_SCRIPT));
  of.cookies.restart();
  assert.equal(await of.nameInShell(), 'client1');
  const question = await of.get('/login/logout.php', AS_SCRIPT);
  assert.deepEqual(question.setCookies, [], 'his session goes on');
  await send(question);
  of.cookies.restart();
  assert.equal(await of.nameInShell(), 'admin');
  await of.get('/login/logout.php?l=1', AS_SCRIPT);
  assert.deepEqual(of.cookies.names, []);
});

test('a logout removes both cookies, by the panel and by our own page', async () => {
  const of = person(client1);
  await enter(of, factor, true);
  const reply = await of.get('/login/logout.php', AS_SCRIPT);
  assert.match(reply.body, /^URL_REDIRECT:/);
  assert.deepEqual(of.cookies.names, []);
  await enter(of, factor, true);
  await of.act('../logout', {});
  assert.equal(of.cookies.get('panel-2fa'), undefined);
});
