import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { Redis } from 'ioredis';
import { parallel } from '../contracts/parallel.js';
import { alertIn, seenIn } from '../support/client-journey.js';
import { startMariaDb } from '../support/mariadb.js';
import type { Reply } from '../support/panel-client.js';
import { startRedis } from '../support/redis.js';
import { everything } from '../support/redis-dump.js';
import { Nodes } from './nodes.js';

const redis = await startRedis();
const server = await startMariaDb();
await server.execute("CREATE DATABASE f; CREATE USER p IDENTIFIED BY 'p'; GRANT ALL ON f.* TO p");
const nodes = await Nodes.start({ database: server.url('p', 'p', 'f'), redis: redis.url });
const control = new Redis(redis.url);
const alive = setInterval(() => undefined, 1_000);
after(async () => {
  control.disconnect();
  await nodes.stop();
  await redis.stop();
  await server.stop();
  clearInterval(alive);
});

async function failuresOf(id: string): Promise<number> {
  const [row] = await server.execute(`SELECT failures FROM f.twofa_user_secret WHERE account_id = '${id}'`);
  return Number(row?.failures);
}

/** How often what somebody typed was refused for this reason, out of the audit log. */
async function refusals(id: string, reason: string): Promise<number> {
  const where = `account_id = '${id}' AND action = 'login.refused' AND reason = '${reason}'`;
  const [row] = await server.execute(`SELECT COUNT(*) AS n FROM f.twofa_audit WHERE ${where}`);
  return Number(row?.n);
}

/** What stays of the panel's sessions is as before; all that the plugin keeps in Redis is gone. */
async function flush(): Promise<void> {
  const keys = await control.keys('panel-2fa:*');
  assert.ok(keys.length > 0);
  await control.del(keys);
}

const isOver = (reply: Reply) => reply.status === 303 && /^\/login/.test(reply.location ?? '');

test('A3 fifty guesses at once on two nodes: ten are evaluated, and one after the wait', async () => {
  const { phone } = await nodes.enrolled('1');
  const waiting = await parallel(50, (index) => nodes.waiting('1', index));
  const wrong = phone.wrong();
  const replies = await parallel(50, (index) => waiting[index]?.guess(wrong) as Promise<Reply>);
  assert.equal(await failuresOf('1'), 10);
  assert.equal(await refusals('1', 'wrong-code'), 10);
  assert.equal(await refusals('1', 'locked'), 40);
  const locked = replies.filter(({ status }) => status === 429);
  assert.equal(locked.length, 40);
  for (const reply of locked) assert.match(alertIn(reply), /\d+ seconds/);
  await server.execute("UPDATE f.twofa_user_secret SET locked_until = 1 WHERE account_id = '1'");
  await parallel(20, (index) => waiting[index]?.guess(wrong) as Promise<Reply>);
  assert.equal(await failuresOf('1'), 11);
  assert.equal(await refusals('1', 'wrong-code'), 11);
});

test('A6 while locked right and wrong codes get the same answer, and neither is evaluated', async () => {
  const { phone, recoveryCodes } = await nodes.enrolled('2');
  const until = Date.now() + 600_000;
  await server.execute(
    `UPDATE f.twofa_user_secret SET failures = 13, locked_until = ${until} WHERE account_id = '2'`,
  );
  const right = await phone.next();
  const seen: string[] = [];
  for (const code of [right, phone.wrong(), recoveryCodes[0] ?? '', '0000-0000-0000-0000']) {
    const visitor = await nodes.waiting('2', seen.length);
    const reply = await visitor.guess(code);
    assert.equal(reply.status, 429);
    assert.match(alertIn(reply), /10 minutes/);
    seen.push(seenIn(reply).replace(/\d+ (seconds?|minutes?)|(?<=next code: )\d+/g, 'N'));
    assert.match((await visitor.get('/')).location ?? '', /^\/2fa\/login$/);
  }
  assert.equal(new Set(seen).size, 1, seen.join('\n'));
  assert.equal(await failuresOf('2'), 13);
  await server.execute("UPDATE f.twofa_user_secret SET locked_until = 1 WHERE account_id = '2'");
  assert.equal((await (await nodes.waiting('2', 0)).guess(right)).location, '/', 'it was not used up');
  assert.equal(await failuresOf('2'), 0, 'a success ends the row');
});

test('A1 twenty guesses at once in one pending login, on two nodes: five are evaluated, then it is over', async () => {
  const { phone } = await nodes.enrolled('3');
  const first = await nodes.waiting('3', 0);
  const second = nodes.visitor(1, first.cookies);
  second.token = first.token;
  await parallel(20, (index) => (index % 2 === 0 ? first : second).guess(phone.wrong()));
  assert.equal(await failuresOf('3'), 5);
  for (const visitor of [first, second]) assert.ok(isOver(await visitor.get('/')), 'the session was ended');
});

test('A46 a flushed Redis gives no fresh tries to a pending login and no fresh allowance to the account', async () => {
  const { phone, visitor: inside } = await nodes.enrolled('4');
  const waiting = await nodes.waiting('4', 0);
  for (let tries = 1; tries <= 4; tries += 1) assert.equal((await waiting.guess(phone.wrong())).status, 422);
  await flush();
  assert.ok(isOver(await waiting.guess(phone.wrong())));
  assert.ok(isOver(await waiting.get('/2fa/login')));
  assert.equal(await failuresOf('4'), 4);
  for (let login = 0; login < 6; login += 1) {
    const again = await nodes.waiting('4', login);
    await again.guess(phone.wrong());
    await flush();
  }
  assert.equal(await failuresOf('4'), 10);
  const late = await nodes.waiting('4', 0);
  assert.equal((await late.guess(await phone.next())).status, 429, 'locked, flushed or not');
  assert.equal((await inside.get('/')).status, 200, 'who is in stays in');
});

test('A4 the right password again, and a session in use, clear no counter', async () => {
  const { phone, visitor: inside } = await nodes.enrolled('5');
  await (await nodes.waiting('5', 0)).guess(phone.wrong());
  for (let round = 0; round < 3; round += 1) {
    await nodes.waiting('5', round);
    assert.equal((await inside.get('/')).status, 200);
  }
  assert.equal(await failuresOf('5'), 1);
});

test('A5 A17 without the password nobody moves a counter, with whatever names and sessions', async () => {
  await nodes.enrolled('6');
  const { phone } = await nodes.enrolled('7');
  const nobody = nodes.visitor(1);
  for (const password of ['wrong', '', 'Right']) await nobody.post('/login', { id: '6', password });
  for (let round = 0; round < 12; round += 1) await nobody.guess('123456');
  const other = await nodes.waiting('7', 1);
  for (const fields of [{ id: '6' }, { account: 'user:6' }, { accountId: '6', realm: 'user' }])
    await other.post('/2fa/login', { code: phone.wrong(), ...fields });
  assert.equal(await failuresOf('6'), 0);
  assert.equal(await failuresOf('7'), 3, 'they count for whose session it is');
});

test('A7 forged addresses are one bucket', async () => {
  const { phone } = await nodes.enrolled('8');
  await flush();
  const waiting = await nodes.waiting('8', 0);
  const forged = ['10.9.8.7', '2001:db8::1', '127.0.0.1, 10.0.0.1', "' OR 1", '::ffff:10.0.0.9'];
  for (const [index, address] of forged.entries()) {
    const names = ['x-forwarded-for', 'x-real-ip', 'forwarded', 'client-ip', 'x-client-ip'];
    await waiting.guess(phone.wrong(), { [names[index] ?? '']: address, 'x-forwarded-for': address });
  }
  const buckets = (await everything(redis.url)).keys.filter((key) => key.includes('bucket:login/address'));
  assert.deepEqual(buckets, ['panel-2fa:bucket:login/address/127.0.0.1']);
});
