import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { StoreUnavailable } from '../../../../src/core/base/store-unavailable.js';
import type { PanelDatabase } from '../../../../src/hosts/ispconfig/people/panel-database.js';
import { Passwords } from '../../../../src/hosts/ispconfig/people/passwords.js';
import { shaCrypt } from '../../../../src/hosts/ispconfig/people/sha-crypt.js';
import type { Account } from '../../../../src/index.js';
import { parallel } from '../../../contracts/parallel.js';

const stored = `$6$rounds=50000$salt$${shaCrypt('6', Buffer.from('right'), 'salt', 50_000)}`;
// The one row that is asked for; what is tested is the order of the hashes.
const database = { rows: async () => [{ stored }] } as unknown as PanelDatabase;
const passwords = new Passwords(database);
after(() => passwords.close());
const account = (id: number): Account => ({ realm: 'user', id: `${id}`, name: `user${id}`, role: 'client' });

test('A51 while strangers fill their lane, whoever is in is checked before most of them', async () => {
  await passwords.verify(account(1), 'right');
  const order: string[] = [];
  const flood = parallel(80, () =>
    passwords.among([stored], 'wrong').then(
      () => order.push('stranger'),
      (error: unknown) => {
        assert.ok(error instanceof StoreUnavailable);
        return 'refused';
      },
    ),
  );
  assert.equal(await passwords.verify(account(1), 'right'), true);
  assert.ok(order.length <= 4, `after ${order.length} strangers`);
  assert.equal((await flood).filter((result) => result === 'refused').length, 16);
});

test('A51 one account has two checks under way, another one its own', async () => {
  const flood = Promise.allSettled(Array.from({ length: 10 }, () => passwords.verify(account(1), 'wrong')));
  const other = passwords.verify(account(2), 'right');
  const refused = (await flood).filter(({ status }) => status === 'rejected');
  assert.equal(refused.length, 8);
  assert.equal(await other, true);
});
