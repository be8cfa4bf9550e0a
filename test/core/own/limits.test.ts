import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Account } from '../../../src/core/account/account.js';
import type { Visit } from '../../../src/core/audit/visit.js';
import { ActLimit, type OwnAct } from '../../../src/core/own/act-limit.js';
import { OwnPassword } from '../../../src/core/own/own-password.js';
import { MemoryRateLimiter } from '../../../src/storage/memory/rate-limiter.memory.js';
import { parallel } from '../../contracts/parallel.js';

const HOUR_MS = 3_600_000;

function visitOf(id: number, { client = `192.0.2.${id}`, session = `s${id}` } = {}): Visit {
  const account: Account = { realm: 'user', id: `${id}`, name: `user${id}`, role: 'client' };
  return { session: { id: session, start: 1, account, actor: account }, address: client, client };
}

/** A limiter with a clock that the test moves. */
function limiterAt(time = { now: 0 }) {
  return { time, limiter: new MemoryRateLimiter(() => time.now) };
}

test('own acts: as many per account and per client and hour as the table says, and then the time left', async () => {
  const table: [OwnAct, account: number, client: number][] = [
    ['begin', 30, 600],
    ['register', 40, 800],
    ['renew', 20, 400],
  ];
  for (const [act, account, client] of table) {
    const { limiter, time } = limiterAt();
    const acts = new ActLimit(limiter);
    const refusals = async (count: number, visit: (n: number) => Visit) =>
      (await parallel(count, (n) => acts.refuse(visit(n), act))).filter(Boolean).length;
    assert.equal(await refusals(account + 7, (n) => visitOf(1, { client: `198.51.100.${n}` })), 7, act);
    assert.equal(await refusals(client + 9, (n) => visitOf(1000 + n, { client: '203.0.113.1' })), 9, act);
    assert.equal(await acts.refuse(visitOf(2), act), undefined, 'somebody else');
    time.now = HOUR_MS - 60_000;
    assert.deepEqual(await acts.refuse(visitOf(1), act), { kind: 'too-many-acts', retryAfterSeconds: 60 });
    time.now = HOUR_MS;
    assert.equal(await acts.refuse(visitOf(1), act), undefined, 'the next hour');
  }
});

test('who enrols five times in an hour and mistypes the password once and the code three times each time meets no limit', async () => {
  const { limiter } = limiterAt();
  const acts = new ActLimit(limiter);
  const password = new OwnPassword(limiter, async (_account, text) => text === 'right');
  for (let enrolment = 0; enrolment < 5; enrolment += 1) {
    const visit = visitOf(1, { session: `login ${enrolment}` });
    assert.equal(await acts.refuse(visit, 'begin'), undefined);
    for (const typed of ['wrong', 'right', 'right', 'right', 'right']) {
      assert.equal(await acts.refuse(visit, 'register'), undefined);
      const refusal = await password.refuse(visit, typed);
      assert.equal(refusal?.kind, typed === 'right' ? undefined : 'wrong-password');
    }
  }
});

test('A51 right own passwords in a loop: sixty an hour are checked, and a hundred clients change nothing', async () => {
  const { limiter } = limiterAt();
  let checks = 0;
  const password = new OwnPassword(limiter, async () => {
    checks += 1;
    return true;
  });
  for (let n = 0; n < 60; n += 1)
    assert.equal(await password.refuse(visitOf(1, { client: `198.51.100.${n}` }), 'right'), undefined);
  for (let n = 0; n < 9; n += 1) {
    const refusal = await password.refuse(
      visitOf(1, { client: `203.0.113.${n}`, session: `x${n}` }),
      'right',
    );
    assert.deepEqual(refusal, { kind: 'too-many-checks', retryAfterSeconds: 3600 });
  }
  assert.equal(checks, 60);
  assert.equal(await password.refuse(visitOf(2), 'right'), undefined, 'somebody else');
});

test('wrong own passwords: five in a session and ten of an account an hour, and right ones do not take them back', async () => {
  const { limiter } = limiterAt();
  const password = new OwnPassword(limiter, async (_account, text) => text === 'right');
  const kinds = async (session: string, ...typed: string[]) => {
    const seen: (string | undefined)[] = [];
    for (const text of typed) seen.push((await password.refuse(visitOf(1, { session }), text))?.kind);
    return seen.join();
  };
  const wrong = 'wrong-password';
  assert.equal(await kinds('a', 'x', 'right', 'x', 'x', 'x'), [wrong, '', wrong, wrong, wrong].join());
  assert.equal(
    await kinds('a', 'x', 'x', 'right'),
    [wrong, 'too-many-passwords', 'too-many-passwords'].join(),
  );
  assert.equal(
    await kinds('b', 'x', 'x', 'x', 'x', 'right', 'x'),
    [wrong, wrong, wrong, wrong, '', wrong].join(),
  );
  assert.equal(await kinds('c', 'right'), 'too-many-passwords', 'another session of the account');
});

test('A51 busy costs nothing, and neither does a check that could not be made', async () => {
  const { limiter } = limiterAt();
  const waiting: ((isRight: boolean) => void)[] = [];
  const password = new OwnPassword(limiter, () => new Promise((resolve) => waiting.push(resolve)));
  const started = () => new Promise((resolve) => setTimeout(resolve, 5));
  const held = parallel(2, () => password.refuse(visitOf(1), 'right'));
  for (let n = 0; n < 20; n += 1)
    assert.deepEqual(await password.refuse(visitOf(1), 'right'), { kind: 'busy' });
  const other = password.refuse(visitOf(2), 'right');
  await started();
  assert.equal(waiting.length, 3, 'another account has a place');
  for (const answer of waiting) answer(true);
  assert.deepEqual([...(await held), await other], [undefined, undefined, undefined]);

  const failing = new OwnPassword(limiter, () => Promise.reject(new Error('away')));
  for (let n = 0; n < 20; n += 1) await assert.rejects(failing.refuse(visitOf(1), 'right'), /away/);
  const back = new OwnPassword(limiter, async () => true);
  assert.equal(await back.refuse(visitOf(1), 'right'), undefined);
});
