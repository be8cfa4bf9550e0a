import { randomUUID } from 'node:crypto';
import { placeText } from '../connections/place.js';
import type { RedisConnection } from './redis-client.js';
import { faultOf } from './redis-fault.js';
import { numberIn, redisInfo } from './redis-info.js';
import { redisStores, type ShortLivedStores } from './redis-stores.js';

/** What a proof writes is dropped by it, or ends by itself after this. */
const TRIAL_SECONDS = 10;

/** Does to Redis what our stores will do, because a server that answers a PING may still take no write or script. */
export class RedisProof {
  readonly #connection: RedisConnection;
  readonly #stores: ShortLivedStores;

  constructor(connection: RedisConnection) {
    this.#connection = connection;
    this.#stores = redisStores(connection.redis);
  }

  /** Rejects with one line that names the server and what is missing there. */
  async prove(): Promise<void> {
    const { redis, address } = this.#connection;
    try {
      // The driver goes on in database 0 when there is none of this number.
      if (address.number > 0) await redis.select(address.number);
      const { isCluster, nodes } = await clusterOf(this.#connection);
      if (isCluster && nodes > 1) throw new Error('CLUSTER');
      // Scripts travel in full only when the server does not know them, after its restart for instance.
      await redis.eval('return 1', 0);
      await tryEach(this.#stores, randomUUID());
    } catch (error) {
      throw new Error(`Redis at ${placeText(address.place)} cannot be used: ${faultOf(error, address)}`);
    }
  }

  /** What works now and may fail later, a sentence each. */
  async warnings(): Promise<readonly string[]> {
    const { redis } = this.#connection;
    const policy = (await redisInfo(redis, 'memory')).get('maxmemory_policy');
    const { isCluster } = await clusterOf(this.#connection);
    return [
      ...(policy !== undefined && policy !== 'noeviction'
        ? [`throws pending logins and limits away when its memory is full (maxmemory-policy ${policy})`]
        : []),
      ...(isCluster ? ['is a cluster: with a second node, logins will fail'] : []),
    ];
  }
}

async function clusterOf({ redis }: RedisConnection): Promise<{ isCluster: boolean; nodes: number }> {
  const isCluster = (await redisInfo(redis, 'cluster')).get('cluster_enabled') === '1';
  return { isCluster, nodes: isCluster ? numberIn(String(await redis.cluster('INFO')), 'cluster_size') : 0 };
}

/** Each verb once, on keys of its own, and read again: a key may be gone at once where the clock is ahead. */
async function tryEach(stores: ShortLivedStores, id: string): Promise<void> {
  const { pending, enrolments, limiter, stepUps, acts } = stores;
  const expiresAt = Date.now() + TRIAL_SECONDS * 1_000;
  const draft = { sealedSecret: '', period: 30, replaces: undefined, swap: false, expiresAt } as const;
  const registration = { step: 1, generation: '', recovery: { salt: '', digests: [] } };
  try {
    await pending.open(id, { triesLeft: 1, expiresAt, returnTo: '/' });
    await enrolments.begin(id, draft);
    await stepUps.grant(id, expiresAt);
    for (const _ of ['first', 'next', 'refused']) {
      await limiter.spend(id, { limit: 2, windowSeconds: TRIAL_SECONDS });
    }
    await acts.claim(id, expiresAt);
    const kept = [
      (await pending.find(id)) !== undefined,
      (await pending.spend(id)) === 0,
      await enrolments.register(id, registration),
      (await enrolments.find(id)) !== undefined,
      await stepUps.holds(id),
      (await acts.find(id)) !== undefined,
    ];
    await limiter.refund(id);
    await acts.finish(id, 'done', expiresAt);
    if (kept.includes(false)) throw new Error('FORGETS');
    await pending.clear(id, expiresAt);
    await pending.close(id);
  } finally {
    // A script that was stopped in its middle may have made a key without an end.
    await Promise.allSettled([pending.close(id), enrolments.close(id), acts.drop(id)]);
  }
}
