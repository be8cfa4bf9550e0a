import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { isRecoveryCode, normaliseRecoveryCode } from '../../../src/core/codes/recovery-codes.js';
import { findStep, isCode, normaliseCode } from '../../../src/core/codes/totp.js';

const anything = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.string({
    unit: fc.constantFrom('1', '２', '٣', 'x', ' ', '-', '+', '.', 'e', '\u202e', '\0', '²', 'O', 'ſ'),
  }),
);
const digits = fc.array(fc.integer({ min: 0, max: 9 }), { minLength: 6, maxLength: 6 });
const CROCKFORD = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
const letters = fc.array(fc.constantFrom(...CROCKFORD), { minLength: 16, maxLength: 16 });

/** What keyboards and apps put between the characters of a code. */
const gap = fc.constantFrom('', ' ', '\u00a0', '\u2009', '\t', '-');

test('a code is six plain digits after normalising, or it is none; normalising again changes nothing', () => {
  fc.assert(
    fc.property(anything, (typed) => {
      const code = normaliseCode(typed);
      assert.equal(normaliseCode(code), code);
      assert.equal(isCode(code), /^[0-9]{6}$/.test(code));
      if (!isCode(code)) assert.equal(findStep(Buffer.alloc(20, 1), code, 30, 59_000), undefined);
    }),
    { numRuns: 2_000 },
  );
});

test('six digits come out as they went in, however they are spaced and however wide', () => {
  fc.assert(
    fc.property(digits, fc.array(gap, { minLength: 7, maxLength: 7 }), fc.boolean(), (code, gaps, isWide) => {
      const shown = code.map((digit) => (isWide ? String.fromCharCode(0xff10 + digit) : String(digit)));
      const typed = shown.map((digit, index) => `${gaps[index]}${digit}`).join('') + gaps[6];
      assert.equal(normaliseCode(typed), code.join(''));
    }),
  );
});

test('no code is a recovery code, and nothing is both', () => {
  fc.assert(
    fc.property(anything, (typed) => {
      assert.ok(!(isCode(normaliseCode(typed)) && isRecoveryCode(normaliseRecoveryCode(typed))));
      const recovery = normaliseRecoveryCode(typed);
      if (isRecoveryCode(recovery)) assert.equal(normaliseRecoveryCode(recovery), recovery);
    }),
    { numRuns: 2_000 },
  );
});

test('a recovery code is found in small letters, with look-alikes, and with dashes of any kind', () => {
  const dash = fc.constantFrom('', '-', ' ', '\u2010', '\u2013', '\u2014', '\u200b');
  fc.assert(
    fc.property(letters, fc.array(dash, { minLength: 16, maxLength: 16 }), (code, dashes) => {
      const typed = code
        .map(
          (letter, index) =>
            (letter === '0' ? 'o' : letter === '1' ? 'l' : letter.toLowerCase()) + dashes[index],
        )
        .join('');
      assert.equal(normaliseRecoveryCode(typed), code.join(''));
      assert.equal(isRecoveryCode(normaliseRecoveryCode(typed)), true);
      assert.equal(isRecoveryCode(normaliseRecoveryCode(`${typed}A`)), false);
    }),
  );
});
