import type { Account } from '../../src/core/account/account.js';
import { FAILURE_RULE } from '../../src/core/codes/failure-rule.js';
import { FactorProof } from '../../src/core/codes/proof.js';
import { RecoveryCodes } from '../../src/core/codes/recovery-codes.js';
import { KeyRing } from '../../src/core/keys/key-ring.js';
import { Sealer } from '../../src/core/keys/sealing.js';
import { openDataSource } from '../../src/storage/data-source.js';
import { RedisEnrolmentStore } from '../../src/storage/enrolment-store.redis.js';
import { TypeOrmFactorStore } from '../../src/storage/factor-store.typeorm.js';
import { TypeOrmLoginLedger } from '../../src/storage/login-ledger.typeorm.js';
import { RedisPendingStore } from '../../src/storage/pending-store.redis.js';
import { RedisRateLimiter } from '../../src/storage/rate-limiter.redis.js';
import { connectRedis } from '../../src/storage/redis-client.js';
import { manifestSchema } from '../storage/sqlite.js';
import type { Answers, Call } from './claimers.js';

/** A node in a process of its own, on a database and a Redis that others share: does what it is told, many times at once. */
const [databaseUrl = '', redisUrl = '', key = ''] = process.argv.slice(2);
const dataSource = await openDataSource(databaseUrl, await manifestSchema());
const { redis } = await connectRedis(redisUrl, { timeoutSeconds: 10 });
const factors = new TypeOrmFactorStore(dataSource, FAILURE_RULE);
const sealer = new Sealer(
  new KeyRing({ active: '00000001', keys: new Map([['00000001', Buffer.from(key, 'hex')]]) }),
);
const recoveryCodes = new RecoveryCodes();
const proof = new FactorProof({ factors, recoveryCodes, sealer, clock: Date.now });

const ports: Readonly<Record<Call['port'], object>> = {
  factors,
  ledger: new TypeOrmLoginLedger(dataSource),
  pending: new RedisPendingStore(redis),
  enrolments: new RedisEnrolmentStore(redis),
  limiter: new RedisRateLimiter(redis),
  proof: {
    judge: async (account: Account, typed: string) => {
      const state = await factors.find(account);
      if (state.kind !== 'active') throw new Error(state.kind);
      return proof.judge({ account, client: '192.0.2.1' }, state.factor, typed);
    },
  },
};

process.on('message', async ({ port, verb, args, times }: Call) => {
  const target = ports[port] as Record<string, (...args: readonly unknown[]) => Promise<unknown>>;
  const results = await Promise.allSettled(Array.from({ length: times }, () => target[verb]?.(...args)));
  const answers: Answers = {
    values: results.filter((result) => result.status === 'fulfilled').map(({ value }) => value ?? null),
    errors: results.filter((result) => result.status === 'rejected').map(({ reason }) => String(reason)),
  };
  process.send?.(answers);
});
process.on('disconnect', () => process.exit());
process.send?.('ready');
