import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { base32, keyUri } from '../../../src/core/codes/totp.js';
import { qrCodeSvg } from '../../../src/http/qr-code.js';

const text = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 300 }),
  fc.string({ unit: fc.constantFrom(':', '/', '%', '?', '&', '#', ' ', '"', '<', '\u202e', '🐙', '\ud800') }),
);
const labelOf = (name: string) =>
  decodeURIComponent(
    /:(.*)\?/.exec(keyUri(Buffer.alloc(20), 'x', name, 30).slice('otpauth:'.length))?.[1] ?? '',
  );

const long = 'a'.repeat(600);
for (const [one, other, domain] of [
  [`${long}1@example.test`, `${long}2@example.test`, '@example.test'],
  [`${long}@one.test`, `${long}@two.test`, undefined],
  [`a${long}@example.test`, `b${long}@example.test`, '@example.test'],
  [`${'漢'.repeat(90)}1@exämple.test`, `${'漢'.repeat(90)}2@exämple.test`, '@exämple.test'],
  [`x@${long}1.test`, `x@${long}2.test`, undefined],
  [`${long}1`, `${long}2`, undefined],
  ['a@b', 'a@c', undefined],
  [
    `${'x'.repeat(64)}@${'y'.repeat(180)}.example.test`,
    `${'x'.repeat(63)}z@${'y'.repeat(180)}.example.test`,
    `@${'y'.repeat(180)}.example.test`,
  ],
] as const) {
  test(`two names have two labels: ${one.slice(0, 8)}… (${one.length})`, () => {
    assert.notEqual(labelOf(one), labelOf(other));
    if (domain) for (const name of [one, other]) assert.ok(labelOf(name).endsWith(domain), labelOf(name));
  });
}

const secret = fc.uint8Array({ minLength: 20, maxLength: 20 });

test('any names: one URI whose parts come out as they went in', () => {
  fc.assert(
    fc.property(
      secret,
      text,
      text,
      fc.constantFrom(30 as const, 60 as const),
      (key, issuer, name, period) => {
        const uri = keyUri(key, issuer, name, period);
        assert.match(uri, /^otpauth:\/\/totp\/[A-Za-z0-9%.!~*'()_-]*:[A-Za-z0-9%.!~*'()_-]*\?[\x21-\x7e]*$/);
        const [path = '', query = ''] = uri.slice('otpauth://totp/'.length).split('?');
        const shown = (label: string) => label.replace(/\p{Surrogate}/gu, '\ufffd');
        const [from = '', label = ''] = path.split(':');
        assert.ok(shown(issuer).startsWith(decodeURIComponent(from)));
        assert.ok(
          from.length <= 768 &&
            (encodeURIComponent(shown(issuer)).length > 768 || decodeURIComponent(from) === shown(issuer)),
        );
        assert.ok(label.length <= 510);
        if (encodeURIComponent(shown(name)).length <= 510)
          assert.equal(decodeURIComponent(label), shown(name));
        assert.deepEqual(
          Object.fromEntries(query.split('&').map((part) => part.split('=').map(decodeURIComponent))),
          {
            secret: base32(key),
            issuer: decodeURIComponent(from),
            algorithm: 'SHA1',
            digits: '6',
            period: String(period),
          },
        );
      },
    ),
  );
});

for (const [what, name] of [
  ['64 kB', 'x'.repeat(65_536)],
  ['255 characters of four bytes', '🐙'.repeat(255)],
  ['255 characters of three bytes', '漢'.repeat(255)],
  ['halves of characters', '\ud800'.repeat(255)],
] as const) {
  test(`a name of ${what} still makes a QR code, with an issuer of the longest kind`, async () => {
    const svg = await qrCodeSvg(keyUri(Buffer.alloc(20, 7), '漢'.repeat(64), name, 60));
    assert.match(svg, /^<svg/);
  });
}
