import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import type { Account } from '../../src/core/account/account.js';
import type { Attempt } from '../../src/core/codes/factor-store.js';
import type { Proof } from '../../src/core/codes/proof.js';
import { newRecoveryCodes } from '../../src/core/codes/recovery-codes.js';
import { base32, newSecret } from '../../src/core/codes/totp.js';
import { freshKey, NOW, newFactor, STEP } from '../contracts/factors.js';
import { freshId } from '../contracts/short-lived.js';
import { code } from '../support/oathtool.js';
import { type RedisServer, startRedis } from '../support/redis.js';
import { type Answers, Claimers, sealer } from './claimers.js';
import { DATABASES, type Served } from './databases.js';

// Waiting for a child keeps nothing going.
const alive = setInterval(() => undefined, 1_000);
let redis: RedisServer;
before(async () => {
  redis = await startRedis();
});
after(async () => {
  await redis.stop();
  clearInterval(alive);
});

for (const [name, start] of Object.entries(DATABASES)) {
  describe(`fifty at once from two processes, on ${name} and Redis`, () => {
    let served: Served;
    let nodes: Claimers;
    before(async () => {
      served = await start();
      nodes = await Claimers.start(served.url, redis.url);
    });
    after(async () => {
      await nodes.stop();
      await served.stop();
    });

    /** Every call has an answer, and this many of them are wins. */
    const won = (
      { values, errors }: Answers,
      is: (value: unknown) => boolean,
      wanted: number,
      what: string,
    ) => {
      const count = values.filter(is).length;
      console.log(`${name}: ${what}: ${count} of ${values.length} won`);
      assert.deepEqual(errors, []);
      assert.equal(count, wanted);
    };
    const isTrue = (value: unknown) => value === true;
    const isSpent = (value: unknown) => (value as Attempt).kind === 'spent';
    const isProven = (value: unknown) => (value as Proof).kind === 'proven';
    const activated = async () => {
      const key = freshKey();
      const answers = await nodes.all('factors', 'activate', [newFactor(key)]);
      won(answers, isTrue, 1, 'the same registration saved');
      return key;
    };

    test('exactly once: a registration, a step, a later step, a removal', async () => {
      const key = await activated();
      for (const step of [STEP + 1, STEP + 2])
        won(await nodes.all('factors', 'claimStep', [key, 'first', step, NOW]), isTrue, 1, `step ${step}`);
      won(await nodes.all('factors', 'claimStep', [key, 'first', STEP, NOW]), isTrue, 0, 'an older step');
      const gone = { generation: 'gone', removedAt: NOW };
      won(await nodes.all('factors', 'remove', [key, 'first', gone]), isTrue, 1, 'a removal');
      const again = [newFactor(key, 'second'), 'gone'];
      won(await nodes.all('factors', 'activate', again), isTrue, 1, 'a factor in place of a removed one');
    });

    test('exactly once: two different steps at the same time leave the later one', async () => {
      const key = await activated();
      const claim = (step: number) => [key, 'first', step, NOW];
      const { values, errors } = await nodes.all('factors', 'claimStep', claim(STEP + 1), {
        other: claim(STEP + 2),
      });
      const wins = values.filter(isTrue).length;
      console.log(`${name}: two different steps: ${wins} of ${values.length} won`);
      assert.deepEqual(errors, []);
      assert.ok(wins === 1 || wins === 2, String(wins));
      won(await nodes.all('factors', 'claimStep', claim(STEP + 2)), isTrue, 0, 'the later one again');
    });

    test('exactly once: a recovery code; two different ones at once are both good', async () => {
      const key = await activated();
      const claim = (index: number) => [key, 'first', 'salt-first', index, NOW];
      won(await nodes.all('factors', 'claimRecoveryCode', claim(0)), isTrue, 1, 'a recovery code');
      const two = await nodes.all('factors', 'claimRecoveryCode', claim(1), { other: claim(2) });
      won(two, isTrue, 2, 'two recovery codes');
    });

    test('exactly once: an attempt; fifty guesses spend the ten that are free, then one after each wait', async () => {
      const key = await activated();
      const spend = (now: number) => nodes.all('factors', 'spendAttempt', [key, 'first', now]);
      won(await spend(NOW), isSpent, 10, 'attempts');
      won(await spend(NOW + 29_999), isSpent, 0, 'attempts while locked');
      won(await spend(NOW + 30_000), isSpent, 1, 'attempts after the first wait');
      won(await spend(NOW + 90_000), isSpent, 1, 'attempts after the second wait');
    });

    test('exactly once: a pending login is opened, its five tries are spent, an enrolment is registered', async () => {
      const [login, enrolment] = [freshId(), freshId()];
      won(await nodes.all('ledger', 'open', [login, NOW]), isTrue, 1, 'a pending login opened');
      const expiresAt = Date.now() + 60_000;
      await nodes.all('pending', 'open', [login, { triesLeft: 5, expiresAt, returnTo: '' }]);
      won(
        await nodes.all('pending', 'spend', [login]),
        (left) => left !== null,
        5,
        'tries of a pending login',
      );
      const draft = { sealedSecret: 's', period: 30, swap: false, expiresAt };
      await nodes.all('enrolments', 'begin', [enrolment, draft]);
      const registration = { step: STEP, generation: 'g', recovery: { salt: 's', digests: [] } };
      const register = nodes.all('enrolments', 'register', [enrolment, registration]);
      won(await register, isTrue, 1, 'a registration');
      const bucket = ['limiter', 'spend', [freshId(), { limit: 7, windowSeconds: 60 }]] as const;
      won(
        await nodes.all(...bucket),
        (spend) => (spend as { allowed: boolean }).allowed,
        7,
        'a bucket of seven',
      );
    });

    test('exactly once: the right code and a right recovery code, through all that judges them', async () => {
      const { account, secret } = await person();
      const right = code(base32(secret), { period: 30, at: Date.now() / 1_000 });
      won(await nodes.all('proof', 'judge', [account, right]), isProven, 1, 'the right code');
      const other = await person();
      const judged = await nodes.all('proof', 'judge', [other.account, other.codes[0]], { times: 20 });
      won(judged, isProven, 1, 'the right recovery code');
    });

    async function person() {
      const key = freshKey();
      const account: Account = { ...key, name: 'somebody', role: 'client' };
      const secret = newSecret();
      const { codes, set } = await newRecoveryCodes();
      const sealedSecret = sealer.seal('factor', key, secret);
      const factor = newFactor(key, 'first', { sealedSecret, recovery: set, lastStep: 1 });
      await nodes.all('factors', 'activate', [factor]);
      return { account, secret, codes };
    }
  });
}
