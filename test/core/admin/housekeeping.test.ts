import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { type AccountKey, keyText } from '../../../src/core/account/account.js';
import { Housekeeping } from '../../../src/core/admin/housekeeping.js';
import type { AuditEvent } from '../../../src/core/audit/audit.js';
import { repeat } from '../../../src/core/base/repeat.js';
import { FAILURE_RULE } from '../../../src/core/codes/failure-rule.js';
import { TypeOrmFactorStore } from '../../../src/storage/factor-store.typeorm.js';
import { TypeOrmLoginLedger } from '../../../src/storage/login-ledger.typeorm.js';
import { activated, factorOf, NOW } from '../../contracts/factors.js';
import { openTestDatabase } from '../../storage/sqlite.js';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;

/** A panel with some people, all of whom have a factor. */
async function panel(t: TestContext, count = 3) {
  const database = await openTestDatabase();
  t.after(() => database.close());
  const factors = new TypeOrmFactorStore(database.dataSource, FAILURE_RULE);
  const ledger = new TypeOrmLoginLedger(database.dataSource);
  const keys = Array.from({ length: count }, (_, id): AccountKey => ({ realm: 'user', id: String(id) }));
  for (const key of keys) await activated(factors, key);
  const people = new Set(keys.map(keyText));
  const time = { now: NOW };
  const events: AuditEvent[] = [];
  const state = { broken: false };
  const housekeeping = new Housekeeping({
    factors,
    ledger,
    accounts: {
      find: async (key) => {
        if (state.broken) throw new Error('away');
        return people.has(keyText(key)) ? { ...key, name: 'x', role: 'client' } : undefined;
      },
      search: async () => ({ accounts: [], total: people.size }),
      mayManage: async () => false,
    },
    audit: { record: async (event: AuditEvent) => void events.push(event) } as never,
    log: { info: () => undefined, warn: () => undefined, error: () => undefined },
    clock: () => time.now,
    panelClock: async () => time.now + 7,
  });
  const kindOf = async (id: number) => (await factors.find(keys[id] as AccountKey)).kind;
  const leave = (id: number) => people.delete(`user:${id}`);
  const back = (id: number) => people.add(`user:${id}`);
  return { factors, ledger, keys, people, time, events, state, housekeeping, kindOf, leave, back };
}

test('A20 an account absent in two runs an hour apart loses its factor, audited, and leaves a tombstone', async (t) => {
  const { housekeeping, time, events, kindOf, leave, factors, keys } = await panel(t, 205);
  leave(1);
  await housekeeping.run();
  time.now += HOUR - 1;
  await housekeeping.run();
  assert.equal(await kindOf(1), 'active');
  time.now += 1;
  await housekeeping.run();
  const state = await factors.find(keys[1] as AccountKey);
  assert.ok(state.kind === 'removed');
  assert.equal(state.tombstone.removedAt, time.now + 7);
  const event = {
    actor: { realm: 'user', id: '0' },
    account: { realm: 'user', id: '1' },
    accountName: '',
    address: '',
    at: time.now,
  };
  assert.deepEqual(events, [
    { ...event, action: 'change.begun', reason: 'factor.pruned' },
    { ...event, action: 'factor.pruned' },
  ]);
  assert.equal((await factors.walk(undefined, 1_000)).length, 204);
  time.now += DAY;
  await housekeeping.run();
  assert.equal(events.length, 2);
});

test('an account that was there in between counts anew', async (t) => {
  const { housekeeping, time, kindOf, leave, back } = await panel(t);
  leave(1);
  await housekeeping.run();
  time.now += HOUR;
  back(1);
  await housekeeping.run();
  leave(1);
  time.now += HOUR;
  await housekeeping.run();
  assert.equal(await kindOf(1), 'active');
});

test('a panel that knows nobody is not believed, however long', async (t) => {
  const { housekeeping, time, people, kindOf } = await panel(t);
  people.clear();
  for (let run = 0; run < 5; run++) {
    await housekeeping.run();
    time.now += HOUR;
  }
  for (const id of [0, 1, 2]) assert.equal(await kindOf(id), 'active');
});

test('a panel that cannot be asked changes nothing, and the first absence is remembered', async (t) => {
  const { housekeeping, time, state, kindOf, leave } = await panel(t);
  leave(0);
  await housekeeping.run();
  state.broken = true;
  time.now += HOUR;
  await assert.rejects(housekeeping.run(), /away/);
  assert.equal(await kindOf(0), 'active');
  state.broken = false;
  await housekeeping.run();
  assert.equal(await kindOf(0), 'removed');
});

test('the ledger forgets logins opened 30 days ago', async (t) => {
  const { housekeeping, ledger, time } = await panel(t);
  await ledger.open('old', time.now - 30 * DAY - 1);
  await ledger.open('recent', time.now - 30 * DAY);
  await housekeeping.run();
  assert.equal(await ledger.open('recent', time.now), false);
  assert.equal(await ledger.open('old', time.now), true);
});

test('an account that came back with a new factor while it was pruned keeps it', async (t) => {
  const { housekeeping, factors, keys } = await panel(t);
  const key = keys[0] as AccountKey;
  const remove = factors.remove.bind(factors);
  factors.remove = async (...args) => {
    await remove(key, 'first', { generation: 'tomb', removedAt: NOW });
    await factors.activate({ ...(await freshFactor()), key, generation: 'second' }, 'tomb');
    return remove(...args);
  };
  const freshFactor = () => factorOf(factors, keys[1] as AccountKey);
  assert.equal(await housekeeping.prune([key]), 0);
  assert.equal((await factorOf(factors, key)).generation, 'second');
});

test('what is repeated goes on after a failure, never twice at once, and stops when it is told to', async () => {
  let [runs, active] = [0, 0];
  const failures: unknown[] = [];
  const act = async () => {
    runs += 1;
    active += 1;
    assert.equal(active, 1);
    await new Promise((resolve) => setTimeout(resolve, 5));
    active -= 1;
    if (runs === 1) throw new Error('once');
  };
  const repeated = repeat(act, { firstMs: 1, everyMs: 1, failed: (error) => failures.push(error) });
  while (runs < 3) await new Promise((resolve) => setTimeout(resolve, 2));
  await repeated.stop();
  const [stopped, running] = [runs, active];
  await new Promise((resolve) => setTimeout(resolve, 20));
  assert.deepEqual([runs, active, running, failures.length], [stopped, 0, 0, 1]);
});
