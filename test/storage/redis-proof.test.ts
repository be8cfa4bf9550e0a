import assert from 'node:assert/strict';
import { after, describe, test } from 'node:test';
import { Redis } from 'ioredis';
import { connectRedis } from '../../src/storage/redis-client.js';
import { RedisProof } from '../../src/storage/redis-proof.js';
import { freePort } from '../support/free-port.js';
import { type RedisServer, startRedis } from '../support/redis.js';

/** As docs/configuration.md tells operators. */
const RIGHTS =
  '~panel-2fa:* +eval +evalsha +ping +info +select +get +set +exists +del +hget +hmget +hset +hincrby +incr +decr +pttl +pexpireat';
const NEEDED = RIGHTS.split(' +')
  .slice(1)
  .filter((command) => !['ping', 'info', 'select'].includes(command));

const server = await startRedis();
const admin = new Redis(server.url);
const port = new URL(server.url).port;
const cluster = await startRedis({ more: ['--cluster-enabled', 'yes'] });
const clusterAdmin = new Redis(cluster.url);
after(async () => {
  for (const redis of [admin, clusterAdmin]) redis.disconnect();
  await Promise.all([server.stop(), cluster.stop()]);
});

async function proof(url: string, act: (proof: RedisProof) => Promise<unknown>): Promise<void> {
  const connection = await connectRedis(url, { timeoutSeconds: 3 });
  try {
    await act(new RedisProof(connection));
  } finally {
    await connection.close();
  }
}

const proves = (url: string) => proof(url, (it) => it.prove());
const says = (url: string, text: RegExp, what = url) =>
  assert.rejects(
    proves(url),
    ({ message }: Error) => {
      assert.match(message, /^Redis at 127\.0\.0\.1:\d+ cannot be used: [^\n]+$/);
      assert.match(message, text);
      assert.doesNotMatch(message, /secret/);
      return true;
    },
    what,
  );

describe('10.9 Redis is proven by the writes and scripts that logins need', () => {
  const cases: readonly [what: string, set: string, back: string, said: RegExp][] = [
    ['full', 'CONFIG SET maxmemory 1', 'CONFIG SET maxmemory 0', /its memory is full \(maxmemory\)/],
    ['a replica', 'REPLICAOF 127.0.0.1 FREE', 'REPLICAOF NO ONE', /it is a replica.*primary/],
    [
      'without its replicas',
      'CONFIG SET min-replicas-to-write 1',
      'CONFIG SET min-replicas-to-write 0',
      /min-replicas/,
    ],
  ];
  for (const [what, set, back, said] of cases) {
    test(what, async () => {
      const run = async (line: string) => {
        const [command = '', ...args] = line.replace('FREE', String(await freePort())).split(' ');
        await admin.call(command, ...args);
      };
      await run(set);
      try {
        await says(server.url, said);
      } finally {
        await run(back);
      }
      await proves(server.url);
    });
  }

  test('a number that there is, and one that there is not', async () => {
    await admin.flushall();
    for (const url of [`${server.url}/15`, `redis://${server.socket}?db=3`]) await proves(url);
    for (const url of [`${server.url}/16`, `${server.url}?db=99`]) await says(url, /no database (16|99)/);
    assert.deepEqual(await admin.keys('*'), [], 'nothing is written into 0 instead');
  });

  test('the rights of the guide are enough, and each that is missing is named', async () => {
    const url = `redis://panel2fa:secret@127.0.0.1:${port}`;
    const allow = async (rights: string) => {
      await admin.call('ACL', 'SETUSER', 'panel2fa', 'reset', 'on', '>secret', ...rights.split(' '));
    };
    await allow(RIGHTS);
    await proves(url);
    for (const command of NEEDED) {
      await allow(`${RIGHTS} -${command}`);
      await says(url, /its user panel2fa lacks a right.*docs\/configuration/);
    }
    await allow(RIGHTS.replace('~panel-2fa:*', '~other:*'));
    await says(url, /lacks a right/);
    await allow(RIGHTS.replace('~panel-2fa:*', '%R~panel-2fa:*'));
    await says(url, /lacks a right/);
  });

  test('a clock far from ours', async (t) => {
    t.mock.timers.enable({ apis: ['Date'], now: Date.now() - 60_000 });
    await says(server.url, /gone at once: compare its clock/);
  });

  test('a cluster: without its slots, with a part of them, and alone with all', async () => {
    await says(cluster.url, /part of a cluster/);
    await clusterAdmin.call('CLUSTER', 'ADDSLOTSRANGE', '0', '8000');
    await says(cluster.url, /part of a cluster/);
    await clusterAdmin.call('CLUSTER', 'ADDSLOTSRANGE', '8001', '16383');
    while (!String(await clusterAdmin.cluster('INFO')).includes('cluster_state:ok')) await proofPause();
    await proves(cluster.url);
    await says(`${cluster.url}/1`, /part of a cluster/);
    await warns(cluster, [/is a cluster: with a second node/]);
  });

  test('keys of a proof end within seconds', async () => {
    await proves(server.url);
    assert.ok((await admin.keys('*')).length > 0);
    assert.deepEqual(await staying(admin), []);
  });
});

test('10.9 every policy of eviction that throws our keys away is told, and no other', async () => {
  for (const policy of ['allkeys-lru', 'allkeys-lfu', 'allkeys-random', 'volatile-lru', 'volatile-ttl']) {
    await admin.config('SET', 'maxmemory-policy', policy);
    await warns(server, [new RegExp(`throws pending logins.*\\(maxmemory-policy ${policy}\\)`)]);
  }
  await admin.config('SET', 'maxmemory-policy', 'noeviction');
  await warns(server, []);
});

async function warns({ url }: RedisServer, expected: readonly RegExp[]): Promise<void> {
  await proof(url, async (it) => {
    const warnings = await it.warnings();
    assert.equal(warnings.length, expected.length, warnings.join());
    for (const [index, pattern] of expected.entries()) assert.match(warnings[index] ?? '', pattern);
  });
}

/** The keys that do not end within ten seconds. */
async function staying(redis: Redis): Promise<string[]> {
  const keys = await redis.keys('*');
  const left = await Promise.all(keys.map((key) => redis.pttl(key)));
  return keys.filter((_key, index) => left[index] === -1 || Number(left[index]) > 10_000);
}

const proofPause = () => new Promise((resolve) => setTimeout(resolve, 50));
