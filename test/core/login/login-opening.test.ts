import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Account } from '../../../src/core/account/account.js';
import type { VisitAudit } from '../../../src/core/audit/visit.js';
import type { Factor } from '../../../src/core/codes/factor.js';
import type { FactorProof } from '../../../src/core/codes/proof.js';
import { Login, type LoginDeps } from '../../../src/core/login/login.js';
import { MemoryPendingStore } from '../../../src/storage/memory/pending-store.memory.js';
import { MemoryRateLimiter } from '../../../src/storage/memory/rate-limiter.memory.js';

const account: Account = { realm: 'user', id: '3', name: 'client1', role: 'client' };

/** Logins on stores of one process, at a time that stands still until `pass`; `rows` are those of the ledger. */
function setUp(proof = {} as FactorProof) {
  const rows = new Set<string>();
  const ledger = {
    open: async (id: string) => !rows.has(id) && Boolean(rows.add(id)),
    prune: async () => 0,
  };
  let now = 0;
  const clock = () => now;
  const deps: LoginDeps = {
    pending: new MemoryPendingStore(clock),
    limiter: new MemoryRateLimiter(clock),
    ledger,
    clock,
    proof,
    audit: { record: async () => undefined } as unknown as VisitAudit,
  };
  const login = new Login(deps);
  const asked = (session: string, client: string, generation = 'g') => {
    const visit = { session: { id: session, start: 1, account, actor: account }, address: client, client };
    return [visit, { generation } as Factor] as const;
  };
  const open = async (...of: Parameters<typeof asked>) => {
    const opened = await login.open(...asked(...of));
    return opened.kind === 'over' ? opened.because : opened.kind;
  };
  const submit = async (session: string) => {
    const outcome = await login.submit(...asked(session, '192.0.2.1'), '123456');
    return outcome.kind === 'over' ? outcome.because : outcome.kind;
  };
  return { open, submit, rows, pass: (ms: number) => (now += ms) };
}

test('logins of one account that wait for a code: 60 of a client in ten minutes; when all have opened 300 in an hour, 6 of each other', async () => {
  const { open, rows } = setUp();
  const kinds = async (count: number, client: string) => {
    const seen: string[] = [];
    for (let n = 0; n < count; n += 1) seen.push(await open(`${client} ${n}`, client));
    return { open: seen.filter((kind) => kind === 'open').length, last: seen.at(-1) };
  };
  assert.deepEqual(await kinds(70, '192.0.2.1'), { open: 60, last: 'too-many-logins' });
  assert.equal(await open('owner', '198.51.100.1'), 'open', 'the owner, elsewhere');
  for (const client of ['192.0.2.2', '192.0.2.3', '192.0.2.4']) await kinds(60, client);
  assert.deepEqual(await kinds(60, '192.0.2.5'), { open: 60, last: 'open' });
  assert.equal(rows.size, 301, 'the bound of all is full, and one of the reserve is taken');
  assert.equal(await open('owner', '198.51.100.1'), 'open', 'one that is open stays so');
  assert.deepEqual(await kinds(20, '198.51.100.9'), { open: 6, last: 'too-many-logins' });
  assert.equal(
    await open('owner again', '198.51.100.1'),
    'open',
    'whoever used the account up did not use up the owner',
  );
});

test('fifty requests of one new session open one login and spend one', async () => {
  const { open, rows } = setUp();
  await Promise.all(Array.from({ length: 50 }, () => open('s', '192.0.2.1')));
  assert.equal(rows.size, 1);
  for (let n = 0; n < 59; n += 1) assert.equal(await open(`next ${n}`, '192.0.2.1'), 'open');
  assert.equal(await open('last', '192.0.2.1'), 'too-many-logins');
});

test('a request between the last try and its success ends nothing; nor does one after it, until five minutes are over', async () => {
  let shown: 'wrong-code' | 'proven' = 'wrong-code';
  let meanwhile: Promise<readonly string[]> | undefined;
  const proof = {
    judge: async (_place: unknown, _factor: unknown, _typed: string, spend: () => Promise<unknown>) => {
      const refusal = await spend();
      if (refusal) return refusal;
      if (shown === 'proven') {
        meanwhile = Promise.all([login.open('s', '192.0.2.1'), login.submit('s')]);
        await new Promise((resolve) => setTimeout(resolve, 50));
      }
      return { kind: shown, by: 'code' };
    },
  };
  const login = setUp(proof as unknown as FactorProof);
  assert.equal(await login.open('s', '192.0.2.1'), 'open');
  for (let wrong = 1; wrong <= 4; wrong += 1) assert.equal(await login.submit('s'), 'wrong-code');
  login.pass(299_000);
  shown = 'proven';
  assert.equal(await login.submit('s'), 'cleared');
  assert.deepEqual(await meanwhile, ['cleared-before', 'cleared-before']);
  login.pass(299_000);
  assert.equal(await login.open('s', '192.0.2.1'), 'cleared-before');
  assert.equal(await login.submit('s'), 'cleared-before');
  login.pass(1_000);
  assert.equal(await login.open('s', '192.0.2.1'), 'expired');
  assert.equal(await login.submit('s'), 'expired');
});
