import assert from 'node:assert/strict';
import { test } from 'node:test';
import { base32, findStep, keyUri, newSecret, SECRET_BYTES } from '../../../src/core/codes/totp.js';
import { code as oathtool } from '../../support/oathtool.js';

const RFC_SECRET = Buffer.from('12345678901234567890');

test('RFC 6238 appendix B: the SHA1 vectors, cut to six digits', () => {
  const vectors: [number, string][] = [
    [59, '287082'],
    [1111111109, '081804'],
    [1111111111, '050471'],
    [1234567890, '005924'],
    [2000000000, '279037'],
    [20000000000, '353130'],
  ];
  for (const [seconds, code] of vectors) {
    assert.equal(findStep(RFC_SECRET, code, 30, seconds * 1000), Math.floor(seconds / 30));
  }
});

for (const period of [30, 60] as const) {
  test(`oathtool and we agree at ${period} s, and one step to either side is accepted`, () => {
    const secret = newSecret();
    const now = 1_790_000_000_000;
    const step = Math.floor(now / 1000 / period);
    for (const distance of [-1, 0, 1]) {
      const code = oathtool(base32(secret), { period, at: now / 1000 + distance * period });
      assert.equal(findStep(secret, code, period, now), step + distance);
    }
    for (const distance of [-2, 2]) {
      const code = oathtool(base32(secret), { period, at: now / 1000 + distance * period });
      assert.equal(findStep(secret, code, period, now), undefined);
    }
  });
}

test('what speakeasy alone would take for 026920 is refused', () => {
  const code = '287082';
  for (const typed of [` ${code}`, `${code}x`, `+${code}`, `${code}0`, code.slice(1), '']) {
    assert.equal(findStep(RFC_SECRET, typed, 30, 59_000), undefined);
  }
  assert.equal(findStep(Buffer.alloc(0), code, 30, 59_000), undefined);
});

test('secrets have 160 bits and the key URI names issuer and account encoded', () => {
  assert.equal(newSecret().length, SECRET_BYTES);
  const uri = keyUri(RFC_SECRET, 'Host & Co: x', 'a b/c%@example.test', 60);
  assert.equal(
    uri,
    'otpauth://totp/Host%20%26%20Co%3A%20x:a%20b%2Fc%25%40example.test?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ' +
      '&issuer=Host%20%26%20Co%3A%20x&algorithm=SHA1&digits=6&period=60',
  );
});
