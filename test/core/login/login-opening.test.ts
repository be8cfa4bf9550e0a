import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Account } from '../../../src/core/account/account.js';
import type { VisitAudit } from '../../../src/core/audit/visit.js';
import type { Factor } from '../../../src/core/codes/factor.js';
import type { FactorProof } from '../../../src/core/codes/proof.js';
import { Login } from '../../../src/core/login/login.js';
import { MemoryPendingStore } from '../../../src/storage/memory/pending-store.memory.js';
import { MemoryRateLimiter } from '../../../src/storage/memory/rate-limiter.memory.js';

const account: Account = { realm: 'user', id: '3', name: 'client1', role: 'client' };

/** Logins on stores of one process, at a time that stands still; `rows` are those of the ledger. */
function setUp() {
  const rows = new Set<string>();
  const ledger = {
    open: async (id: string) => !rows.has(id) && Boolean(rows.add(id)),
    prune: async () => 0,
  };
  const clock = () => 0;
  const login = new Login({
    pending: new MemoryPendingStore(clock),
    limiter: new MemoryRateLimiter(clock),
    ledger,
    clock,
    // To open a login nothing is proven and nothing written down.
    proof: {} as FactorProof,
    audit: {} as VisitAudit,
  });
  const open = async (session: string, client: string, generation = 'g') => {
    const visit = { session: { id: session, start: 1, account, actor: account }, address: client, client };
    return (await login.open(visit, { generation } as Factor)).kind;
  };
  return { open, rows };
}

test('logins of one account that wait for a code: 60 of a client in ten minutes, 300 of all in an hour; each costs a row', async () => {
  const { open, rows } = setUp();
  const kinds = async (count: number, client: string) => {
    const seen: string[] = [];
    for (let n = 0; n < count; n += 1) seen.push(await open(`${client} ${n}`, client));
    return { open: seen.filter((kind) => kind === 'open').length, last: seen.at(-1) };
  };
  assert.deepEqual(await kinds(70, '192.0.2.1'), { open: 60, last: 'too-many-logins' });
  assert.equal(await open('owner', '198.51.100.1'), 'open', 'the owner, elsewhere');
  for (const client of ['192.0.2.2', '192.0.2.3', '192.0.2.4']) await kinds(60, client);
  assert.deepEqual(await kinds(60, '192.0.2.5'), { open: 59, last: 'too-many-logins' });
  assert.equal(rows.size, 300);
  assert.equal(await open('owner', '198.51.100.1'), 'open', 'one that is open stays so');
});

test('fifty requests of one new session open one login and spend one', async () => {
  const { open, rows } = setUp();
  await Promise.all(Array.from({ length: 50 }, () => open('s', '192.0.2.1')));
  assert.equal(rows.size, 1);
  for (let n = 0; n < 59; n += 1) assert.equal(await open(`next ${n}`, '192.0.2.1'), 'open');
  assert.equal(await open('last', '192.0.2.1'), 'too-many-logins');
});
