import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { base32, keyUri } from '../../../src/core/codes/totp.js';
import { qrCodeSvg } from '../../../src/http/qr-code.js';

const text = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 300 }),
  fc.string({ unit: fc.constantFrom(':', '/', '%', '?', '&', '#', ' ', '"', '<', '\u202e', '🐙', '\ud800') }),
);
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
        const shown = (label: string) =>
          Array.from(label)
            .slice(0, 60)
            .join('')
            .replace(/\p{Surrogate}/gu, '\ufffd');
        assert.deepEqual(path.split(':').map(decodeURIComponent), [shown(issuer), shown(name)]);
        assert.deepEqual(
          Object.fromEntries(query.split('&').map((part) => part.split('=').map(decodeURIComponent))),
          {
            secret: base32(key),
            issuer: shown(issuer),
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
