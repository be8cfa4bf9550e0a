import { Redis } from 'ioredis';
import { placeText } from '../connections/place.js';
import { reasonOf } from '../connections/reason.js';
import { type RedisAddress, redisAddress } from '../connections/redis-address.js';
import { redisOptions } from '../connections/redis-options.js';

const KEY_PREFIX = 'panel-2fa:';
const LONGEST_RETRY_MILLISECONDS = 1_000;

/** A connection to Redis that the stores share. */
export interface RedisConnection {
  readonly redis: Redis;
  readonly address: RedisAddress;
  close(): Promise<void>;
}

/**
 * Connects to a `redisAddress` and waits until Redis answers a PING, so that a server that is still starting
 * is waited for. Rejects with one message, without the password, when it does not within `timeoutSeconds`; nothing
 * stays open then. A connection lost later comes back by itself; commands meanwhile fail at once.
 */
export async function connectRedis(
  url: string,
  options: { timeoutSeconds: number },
): Promise<RedisConnection> {
  const address = redisAddress(url);
  const redis = new Redis({
    ...redisOptions(address),
    lazyConnect: true,
    keyPrefix: KEY_PREFIX,
    connectTimeout: 500,
    commandTimeout: 500,
    maxRetriesPerRequest: 1,
    enableOfflineQueue: false,
    // A command whose answer was lost may have run: sent again, a try would be spent twice.
    autoResendUnfulfilledCommands: false,
    disableClientInfo: true,
    retryStrategy: (attempts) => Math.min(attempts * 50, LONGEST_RETRY_MILLISECONDS),
  });
  let lastError: Error | undefined;
  redis.on('error', (error: Error) => {
    lastError = error;
  });
  try {
    await ready(redis, options.timeoutSeconds * 1_000);
    await redis.ping();
  } catch (error) {
    redis.disconnect();
    throw new Error(`Redis at ${placeText(address.place)} does not answer: ${reasonOf(lastError ?? error)}`);
  }
  return { redis, address, close: () => close(redis) };
}

/** Resolves at the first connection that is ready, however many attempts it takes. */
function ready(redis: Redis, milliseconds: number): Promise<void> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(
      () => reject(new Error(`no connection within ${milliseconds} ms`)),
      milliseconds,
    );
    redis.once('ready', () => {
      clearTimeout(timer);
      resolve();
    });
    // A failed attempt is reported by the error listener and repeated by the retry strategy.
    redis.connect().catch(() => undefined);
  });
}

async function close(redis: Redis): Promise<void> {
  await redis.quit().catch(() => undefined);
  redis.disconnect();
}
