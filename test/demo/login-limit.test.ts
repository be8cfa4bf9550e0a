import assert from 'node:assert/strict';
import { test } from 'node:test';
import { LoginLimit } from '../../src/demo/login-limit.js';
import type { Place } from '../../src/index.js';
import { parallel } from '../contracts/parallel.js';

const wrong = async () => undefined;
const right = async () => 'somebody';

test("A51 the demo panel's login: 240 wrong ones a minute of one address, 1200 in all, and others as before", async () => {
  const limit = new LoginLimit();
  for (let n = 0; n < 240; n += 1) {
    assert.deepEqual(await limit.judged('192.0.2.1', right), { kind: 'judged', result: 'somebody' });
    assert.deepEqual(await limit.judged('192.0.2.1', wrong), { kind: 'judged', result: undefined });
  }
  const refused = await limit.judged('192.0.2.1', right);
  assert.ok(refused.kind === 'too-many' && refused.retryAfterSeconds > 50);
  for (let n = 0; n < 1_200; n += 1) assert.equal((await limit.judged('192.0.2.2', right)).kind, 'judged');
  assert.equal((await limit.judged('192.0.2.2', right)).kind, 'too-many');
  assert.equal((await limit.judged('192.0.2.3', right)).kind, 'judged');
});

test('A51 of one address 48 logins wait at the same time; the first of another goes before the second of it', async () => {
  const limit = new LoginLimit();
  const order: string[] = [];
  const hashing = (client: string) => (place: Place) =>
    place.run(async () => {
      await new Promise((resolve) => setTimeout(resolve, 1));
      order.push(client);
      return client;
    });
  const flood = parallel(60, () => limit.judged('192.0.2.1', hashing('flood')));
  const other = limit.judged('192.0.2.2', hashing('other'));
  const kinds = (await flood).map(({ kind }) => kind);
  assert.equal(kinds.filter((kind) => kind === 'busy').length, 12);
  assert.equal((await other).kind, 'judged');
  assert.ok(order.indexOf('other') <= 1, order.slice(0, 4).join());
});
