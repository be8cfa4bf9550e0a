import assert from 'node:assert/strict';
import { test } from 'node:test';
import { newRecoveryCodes, RecoveryCodes } from '../../../src/core/codes/recovery-codes.js';

const plain = (code: string) => code.replaceAll('-', '');

const { codes, set } = await newRecoveryCodes();
const asker = (name: number) => ({ account: `user:${name}`, client: `192.0.2.${name}` });

test('ten codes of sixteen characters, each found at its place, none in clear in what is stored', async () => {
  assert.equal(new Set(codes).size, 10);
  const place = new RecoveryCodes().placeToCheck(asker(1));
  for (const [index, code] of codes.entries()) {
    assert.match(code, /^[0-9A-HJKMNP-TV-Z]{4}(-[0-9A-HJKMNP-TV-Z]{4}){3}$/);
    assert.equal(await place?.indexOf(plain(code), set), index);
    assert.ok(!JSON.stringify(set).includes(plain(code)));
  }
  assert.equal(await place?.indexOf('0'.repeat(16), set), undefined);
});

test('A51 a set is made in one place, and with all places for sets taken a code is looked up before the first is done', async () => {
  const recovery = new RecoveryCodes();
  const places = Array.from({ length: 100 }, (_, name) => recovery.placeForSet(asker(name)));
  assert.equal(places.filter(Boolean).length, 24);
  const order: string[] = [];
  const making = places.slice(0, 2).map(async (place) => {
    const made = await place?.create();
    order.push(`set of ${made?.codes.length}`);
    place?.leave();
  });
  await recovery.placeToCheck(asker(1))?.indexOf(plain(codes[3] ?? ''), set);
  order.push('check');
  await Promise.all(making);
  assert.deepEqual(order, ['check', 'set of 10', 'set of 10']);
  assert.ok(recovery.placeForSet(asker(1)), 'a place that was left is free');
});
