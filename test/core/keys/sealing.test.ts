import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { test } from 'node:test';
import { KeyRing } from '../../../src/core/keys/key-ring.js';
import { Sealer, UnsealError } from '../../../src/core/keys/sealing.js';

const key = randomBytes(32);
const sealer = new Sealer(new KeyRing({ active: '00000001', keys: new Map([['00000001', key]]) }));
const account = { realm: 'user', id: '7' } as const;
const secret = randomBytes(20);

test('a sealed secret opens for its purpose and account, and is another text each time', () => {
  const sealed = sealer.seal('factor', account, secret);
  assert.deepEqual(sealer.open('factor', account, sealed), secret);
  assert.notEqual(sealer.seal('factor', account, secret), sealed);
});

test('A37: a secret moved to another account, realm or purpose, changed, or of a lost key does not open', () => {
  const sealed = sealer.seal('factor', account, secret);
  const other = new Sealer(new KeyRing({ active: '00000002', keys: new Map([['00000002', key]]) }));
  assert.throws(() => sealer.open('factor', { realm: 'user', id: '8' }, sealed), UnsealError);
  assert.throws(() => sealer.open('factor', { realm: 'mailuser', id: '7' }, sealed), UnsealError);
  assert.throws(() => sealer.open('enrolment', account, sealed), UnsealError);
  assert.throws(() => sealer.open('factor', account, sealed.slice(0, 20)), UnsealError);
  assert.throws(() => other.open('factor', account, sealed), UnsealError);
});
