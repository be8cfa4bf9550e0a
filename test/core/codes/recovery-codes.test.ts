import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  isRecoveryCode,
  normaliseRecoveryCode,
  RecoveryCodes,
} from '../../../src/core/codes/recovery-codes.js';

test('ten codes of sixteen characters, each found at its place, none in clear in what is stored', async () => {
  const recovery = new RecoveryCodes();
  const { codes, set } = await recovery.create();
  assert.equal(new Set(codes).size, 10);
  for (const [index, code] of codes.entries()) {
    assert.match(code, /^[0-9A-HJKMNP-TV-Z]{4}(-[0-9A-HJKMNP-TV-Z]{4}){3}$/);
    assert.equal(await recovery.indexOf(normaliseRecoveryCode(code), set), index);
    assert.ok(!JSON.stringify(set).includes(normaliseRecoveryCode(code)));
  }
  assert.equal(await recovery.indexOf('0'.repeat(16), set), undefined);
});

test('case, dashes, spaces and look-alikes are forgiven', () => {
  assert.equal(normaliseRecoveryCode(' abcd-efgh—ijkl o123 '), 'ABCDEFGH1JK10123');
  assert.equal(isRecoveryCode('ABCDEFGH1JK10123'), true);
  assert.equal(isRecoveryCode('ABCDEFGH1JK1012'), false);
  assert.equal(isRecoveryCode('UBCDEFGH1JK10123'), false);
});
