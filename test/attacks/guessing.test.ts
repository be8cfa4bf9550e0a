import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { Redis } from 'ioredis';
import { parallel } from '../contracts/parallel.js';
import { alertIn } from '../support/client-journey.js';
import { startMariaDb } from '../support/mariadb.js';
import type { Reply } from '../support/panel-client.js';
import { startRedis } from '../support/redis.js';
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
  assert.equal(await refusals('1', 'locked'), 1, 'one row for all of an hour');
  const locked = replies.filter(({ status }) => status === 429);
  assert.equal(locked.length, 40);
  for (const reply of locked) assert.match(alertIn(reply), /\d+ seconds/);
  await server.execute("UPDATE f.twofa_user_secret SET locked_until = 1 WHERE account_id = '1'");
  await parallel(20, (index) => waiting[index]?.guess(wrong) as Promise<Reply>);
  assert.equal(await failuresOf('1'), 11);
  assert.equal(await refusals('1', 'wrong-code'), 11);
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
