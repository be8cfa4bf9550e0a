import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { test } from 'node:test';
import fc from 'fast-check';
import { passwordMatches, stripSlashes } from '../../../../src/hosts/ispconfig/people/crypt.js';

const matches = (password: string, stored: string, plainMd5 = true) =>
  passwordMatches({ password, stored, plainMd5 });

/** What PHP makes of pairs of a password and a salt, one process for all. */
function php(code: string, input: unknown): string[] {
  const script = `$in = json_decode(stream_get_contents(STDIN), true); echo json_encode(array_map(function ($x) { return ${code}; }, $in));`;
  return JSON.parse(execFileSync('php', ['-r', script], { input: JSON.stringify(input), encoding: 'utf8' }));
}

const SALTS = [
  '$6$rounds=5000$0074314f69034b26$',
  '$6$abcdefgh$',
  '$6$rounds=1234$ab$',
  '$5$saltsalt$',
  '$5$rounds=2000$x$',
  '$1$abcdefgh$',
  '$1$ab$',
];
const BCRYPT_SALTS = [
  '$2y$04$abcdefghijklmnopqrstuu',
  '$2a$04$abcdefghijklmnopqrstuu',
  '$2b$04$abcdefghijklmnopqrstuu',
];
const password = fc.oneof(
  fc.string({ unit: 'grapheme', minLength: 1, maxLength: 60 }),
  fc.string({
    unit: fc.constantFrom('\\', '0', 'a', 'ü', '€', '𝄞', "'", '"', ' '),
    minLength: 1,
    maxLength: 100,
  }),
);

test("passwords are checked as PHP's crypt() and stripslashes() do", () => {
  const salts = [...SALTS, ...BCRYPT_SALTS];
  const pairs = fc.sample(fc.record({ p: password, s: fc.constantFrom(...salts) }), 250);
  const hashes = php("crypt(stripslashes($x['p']), $x['s'])", pairs);
  for (const [index, { p, s }] of pairs.entries()) {
    const stored = hashes[index] as string;
    assert.ok(stored.length > 20, `${JSON.stringify(p)} ${s}: ${stored}`);
    assert.equal(matches(p, stored), true, `${JSON.stringify(p)} ${stored}`);
    assert.equal(
      matches(`${p}x`, stored),
      stripSlashes(p).includes('\0') || (/^\$2/.test(s) && Buffer.byteLength(stripSlashes(p)) >= 72),
      JSON.stringify(p),
    );
  }
});

test('passwords as long as the digest, and a byte more or less', () => {
  const lengths = [1, 16, 31, 32, 33, 63, 64, 65, 96, 127, 128, 129, 192, 255, 256];
  const pairs = lengths.flatMap((length) => SALTS.map((s) => ({ p: 'x'.repeat(length), s })));
  const hashes = php("crypt($x['p'], $x['s'])", pairs);
  for (const [index, { p }] of pairs.entries())
    assert.equal(matches(p, hashes[index] as string), true, hashes[index]);
});

test("stripslashes as PHP's, NUL included", () => {
  const texts = fc.sample(password, 200);
  const expected = php('bin2hex(stripslashes($x))', texts);
  assert.deepEqual(
    texts.map((text) => Buffer.from(stripSlashes(text)).toString('hex')),
    expected,
  );
});

for (const kind of ['-6', '-5', '-1']) {
  test(`hashes of openssl passwd ${kind}`, () => {
    for (const plain of ['client-Passw0rd!', 'pässwörd €', 'x'.repeat(120)]) {
      const stored = execFileSync('openssl', ['passwd', kind, '-stdin'], {
        input: plain,
        encoding: 'utf8',
      }).trim();
      assert.equal(matches(plain, stored), true, stored);
      assert.equal(matches(plain.toUpperCase(), stored), false);
    }
  });
}

test('a backslash in front of a letter is no part of the password: cl\\ient-Passw0rd!', () => {
  const stored = '$6$rounds=5000$98913ae4a6f83777$';
  const hash = php("crypt($x['p'], $x['s'])", [{ p: 'client-Passw0rd!', s: stored }])[0] as string;
  assert.equal(matches('cl\\ient-Passw0rd!', hash), true);
});

test('a plain md5 is the password of a user, of the characters as typed, and never of a mail user', () => {
  const stored = createHash('md5').update('se\\cret').digest('hex');
  assert.equal(matches('se\\cret', stored), true);
  assert.equal(matches('secret', stored), false);
  assert.equal(matches('se\\cret', stored, false), false);
  assert.equal(matches(stored, stored), false);
});

test('what is no hash is no password: empty, locked, plain text, endless rounds', () => {
  for (const stored of [
    '',
    '*',
    '!',
    'x',
    'secret',
    '$6$',
    `$6$rounds=999999999$a$${'a'.repeat(86)}`,
    '$9$abc$def',
    `$2y$31$${'a'.repeat(53)}`,
  ]) {
    assert.equal(matches('secret', stored), false, stored);
    assert.equal(matches(stored, stored), false, stored);
  }
});
