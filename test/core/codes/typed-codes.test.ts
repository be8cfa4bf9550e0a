import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { findStep, isCode } from '../../../src/core/codes/totp.js';
import { readTyped, type TypedCode } from '../../../src/core/codes/typed-code.js';

const code = (text: string): TypedCode => ({ kind: 'code', code: text });
const recovery = (text: string): TypedCode => ({ kind: 'recovery-code', code: text });
const missing: TypedCode = { kind: 'missing' };
const badCode: TypedCode = { kind: 'malformed-code' };
const badRecovery: TypedCode = { kind: 'malformed-recovery-code' };

const TABLE: readonly (readonly [typed: string, read: TypedCode])[] = [
  ['123456', code('123456')],
  [' 123 456\n', code('123456')],
  ['123\u00a0456', code('123456')],
  ['123\u202f456', code('123456')],
  ['123\u200b456', code('123456')],
  ['\ufeff123456', code('123456')],
  ['\u202a123456\u202c', code('123456')],
  ['123\u00ad456', code('123456')],
  ['123-456', code('123456')],
  ['123–456', code('123456')],
  ['123—456', code('123456')],
  ['123−456', code('123456')],
  ['123·456', code('123456')],
  ['123•456', code('123456')],
  ['123・456', code('123456')],
  ['123.456', code('123456')],
  ['123,456', code('123456')],
  ["123'456", code('123456')],
  ['"123456"', code('123456')],
  ['„123 456“', code('123456')],
  ['»123456«', code('123456')],
  ['(123) 456', code('123456')],
  ['1 2 3 4 5 6', code('123456')],
  ['１２３４５６', code('123456')],
  ['١٢٣٤٥٦', code('123456')],
  ['۱۲۳۴۵۶', code('123456')],
  ['१२३४५६', code('123456')],
  ['১২৩৪৫৬', code('123456')],
  ['๑๒๓๔๕๖', code('123456')],
  ['𝟏𝟐𝟑𝟒𝟓𝟔', code('123456')],
  ['𞥑𞥒𞥓𞥔𞥕𞥖', code('123456')],
  ['1️⃣2️⃣3️⃣4️⃣5️⃣6️⃣', code('123456')],
  ['123٤٥٦', code('123456')],
  ['026920', code('026920')],

  ['', missing],
  ['   ', missing],
  ['\u200b', missing],
  [' - ', missing],

  ['12345', badCode],
  ['1234567', badCode],
  ['12345678', badCode],
  ['+12345', badCode],
  ['123\x256', badCode],
  ['-', missing],
  ['123456 123456', badRecovery],
  ['26920x', badRecovery],
  ['1e5', badRecovery],
  ['0x1E24', badRecovery],
  ['一二三四五六', badRecovery],
  ['123456789', badRecovery],

  ['ABCD-EFGH-JKMN-PQRS', recovery('ABCDEFGHJKMNPQRS')],
  ['abcd-efgh-jkmn-pqrs', recovery('ABCDEFGHJKMNPQRS')],
  ['abcd efgh jkmn pqrs', recovery('ABCDEFGHJKMNPQRS')],
  ['ABCDEFGHJKMNPQRS', recovery('ABCDEFGHJKMNPQRS')],
  ['1. ABCD-EFGH-JKMN-PQRS', recovery('ABCDEFGHJKMNPQRS')],
  [' 1) abcd-efgh-jkmn-pqrs', recovery('ABCDEFGHJKMNPQRS')],
  ['10: abcd-efgh-jkmn-pqrs', recovery('ABCDEFGHJKMNPQRS')],
  ['10 abcd-efgh-jkmn-pqrs', recovery('ABCDEFGHJKMNPQRS')],
  ['1. 1234-5678-9012-3456', recovery('1234567890123456')],
  ['1234-5678-9012-3456', recovery('1234567890123456')],
  ['١٢٣٤-٥٦٧٨-٩٠١٢-٣٤٥٦', recovery('1234567890123456')],
  ['• ABCD-EFGH-JKMN-PQRS', recovery('ABCDEFGHJKMNPQRS')],
  ['- ABCD-EFGH-JKMN-PQRS', recovery('ABCDEFGHJKMNPQRS')],
  ['* ABCD-EFGH-JKMN-PQRS', recovery('ABCDEFGHJKMNPQRS')],
  ['"ABCD-EFGH-JKMN-PQRS"', recovery('ABCDEFGHJKMNPQRS')],
  ['“ABCD-EFGH-JKMN-PQRS”', recovery('ABCDEFGHJKMNPQRS')],
  ['`ABCD-EFGH-JKMN-PQRS`', recovery('ABCDEFGHJKMNPQRS')],
  ['"1. ABCD-EFGH-JKMN-PQRS",', recovery('ABCDEFGHJKMNPQRS')],
  ['ABCD-EFGH-JKMN-PQRS,', recovery('ABCDEFGHJKMNPQRS')],
  ['ABCD-EFGH-JKMN-PQRS;', recovery('ABCDEFGHJKMNPQRS')],
  ['ABCD-EFGH-JKMN-PQRS.', recovery('ABCDEFGHJKMNPQRS')],
  ['ABCD−EFGH−JKMN−PQRS', recovery('ABCDEFGHJKMNPQRS')],
  ['ABCD–EFGH—JKMN‑PQRS', recovery('ABCDEFGHJKMNPQRS')],
  ['ABCD.EFGH·JKMN_PQRS', recovery('ABCDEFGHJKMNPQRS')],
  ['ＡＢＣＤ－ＥＦＧＨ－ＪＫＭＮ－ＰＱＲＳ', recovery('ABCDEFGHJKMNPQRS')],
  ['o1Il-OLil-ABCD-EFGH', recovery('01110111ABCDEFGH')],

  ['ABCD-EFGH-JKMN-PQR', badRecovery],
  ['ABCD-EFGH-JKMN-PQRST', badRecovery],
  ['1. 2. ABCD-EFGH-JKMN-PQRS', badRecovery],
  ['100. ABCD-EFGH-JKMN-PQRS', badRecovery],
  ['1ABCD-EFGH-JKMN-PQRS', badRecovery],
  ['ABCD-EFGH-JKMN-PQRU', badRecovery],
  ['1. ABCD-EFGH-JKMN-PQRS\n2. ABCD-EFGH-JKMN-PQRT', badRecovery],
  ['ABCD-EFGH\0-JKMN-PQRS', badRecovery],
  ['9'.repeat(257), badRecovery],
  ['x'.repeat(1_000_000), badRecovery],
];

for (const [typed, read] of TABLE) {
  test(`typed: ${JSON.stringify(typed.slice(0, 60))}`, () => assert.deepEqual(readTyped(typed), read));
}

const anything = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.string({
    unit: fc.constantFrom('1', '２', '٣', 'x', ' ', '-', '+', '.', 'e', '\u202e', '\0', '²', 'O', 'ſ', '1. '),
  }),
);

test('whatever is typed is one code at most, and what is read reads as itself', () => {
  fc.assert(
    fc.property(anything, (typed) => {
      const read = readTyped(typed);
      if ('code' in read) assert.deepEqual(readTyped(read.code), read);
      assert.equal(read.kind === 'code', 'code' in read && isCode(read.code));
      if (read.kind !== 'code') assert.equal(findStep(Buffer.alloc(20, 1), typed, 30, 59_000), undefined);
    }),
    { numRuns: 2_000 },
  );
});

const gap = fc.constantFrom('', ' ', '\u00a0', '\u2009', '\t', '-', '–', '·', '\u200b', '\u2066');
const digits = fc.array(fc.integer({ min: 0, max: 9 }), { minLength: 6, maxLength: 6 });
const zeros = ['0', '٠', '۰', '߀', '०', '০', '੦', '୦', '௦', '๐', '໐', '༠', '၀', '០', '᠐', '０', '𑁦', '𞥐'];

test('six digits of any script come out as they went in, however they are spaced', () => {
  const gaps = fc.array(gap, { minLength: 7, maxLength: 7 });
  fc.assert(
    fc.property(digits, gaps, fc.constantFrom(...zeros), (number, between, zero) => {
      const shown = number.map((digit) => String.fromCodePoint((zero.codePointAt(0) ?? 0) + digit));
      const typed = shown.map((digit, index) => `${between[index]}${digit}`).join('') + between[6];
      assert.deepEqual(readTyped(typed), code(number.join('')));
    }),
  );
});

const CROCKFORD = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
const letters = fc.array(fc.constantFrom(...CROCKFORD), { minLength: 16, maxLength: 16 });

test('a recovery code is found in small letters, with look-alikes, numbers of its line and dashes of any kind', () => {
  const between = fc.array(fc.constantFrom('', '-', ' ', '\u2010', '\u2013', '\u2014', '\u2212', '\u200b'), {
    minLength: 16,
    maxLength: 16,
  });
  fc.assert(
    fc.property(letters, between, fc.constantFrom('', '1. ', '10) ', '• ', '"'), (text, dashes, mark) => {
      const small = (letter: string) => (letter === '0' ? 'o' : letter === '1' ? 'l' : letter.toLowerCase());
      const typed = text.map((letter, index) => small(letter) + dashes[index]).join('');
      assert.deepEqual(readTyped(mark + typed), recovery(text.join('')));
      assert.equal(readTyped(`${mark}Z${typed}`).kind, 'malformed-recovery-code');
    }),
  );
});
