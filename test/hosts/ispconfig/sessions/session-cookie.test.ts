import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { cookieHeader, sessionIdOf } from '../../../../src/hosts/ispconfig/sessions/session-cookie.js';

const GOOD = '9rv1kem60a4cjl5mu559qem4b3';

for (const [what, header, id] of [
  ['plain', `ISPCSESS=${GOOD}`, GOOD],
  [
    'in upper case, which the database takes for the same',
    `ISPCSESS=${GOOD.toUpperCase()}`,
    GOOD.toUpperCase(),
  ],
  ['with a percent-encoded character', `ISPCSESS=%39${GOOD.slice(1)}`, GOOD],
  ['twice, the good one first', `ISPCSESS=${GOOD}; ISPCSESS=anon`, GOOD],
  ['twice, the good one last', `ISPCSESS=anon; ISPCSESS=${GOOD}`, 'anon'],
  ['without a space before it', `a=b;ISPCSESS=${GOOD}`, GOOD],
  ['with a tab before it', `a=b;\tISPCSESS=${GOOD}`, GOOD],
  ['behind a name that PHP turns into another', `ISPCSESS[x=anon; ISPCSESS=${GOOD}`, GOOD],
  ['with an encoded name', `%49SPCSESS=${GOOD}`, undefined],
  ['in lower case', `ispcsess=${GOOD}`, undefined],
  ['with a space in front of the sign', `ISPCSESS =${GOOD}`, undefined],
  ['quoted', `ISPCSESS="${GOOD}"`, undefined],
  ['as a list', `ISPCSESS[]=${GOOD}`, undefined],
  ['with a NUL behind it', `ISPCSESS=${GOOD}%00`, undefined],
  ['with a space behind it', `ISPCSESS=${GOOD}%20`, undefined],
  ['with a broken encoding', `ISPCSESS=${GOOD}%zz`, undefined],
  ['encoded twice', `ISPCSESS=%2539${GOOD.slice(1)}`, undefined],
  ['with an accented letter, which the column takes for the plain one', `ISPCSESS=%C3%A1${GOOD}`, undefined],
  ['with a letter of twice the width', `ISPCSESS=%EF%BD%81${GOOD}`, undefined],
  ['with an accented letter that is not encoded', `ISPCSESS=\u00e1${GOOD}`, undefined],
  ['too long', `ISPCSESS=${'a'.repeat(65)}`, undefined],
  ['a bad one first', `ISPCSESS=; ISPCSESS=${GOOD}`, undefined],
  ['a first one with a letter beyond ASCII', `ISPCSESS=\u00e1; ISPCSESS=${GOOD}`, undefined],
  ['a first one with a space in it', `ISPCSESS=a b; ISPCSESS=${GOOD}`, undefined],
] as const) {
  test(`the session cookie ${what}`, () => {
    assert.equal(sessionIdOf(header), id);
  });
}

test('the panel gets its session and no other cookie, as its PHP-IDS looks into each', () => {
  const header = `panel-2fa=x.y; ga={"a":"1","b":["x"]}; __Host-panel-2fa=x.y; ISPCSESS=${GOOD}; _ga=GA1.2`;
  assert.equal(cookieHeader(sessionIdOf(header)), `ISPCSESS=${GOOD}`);
  assert.equal(cookieHeader(sessionIdOf('theme=dark')), undefined);
});

test('whatever is sent, nothing but a session id comes out of it', () => {
  const part = fc.oneof(
    fc.string({ unit: 'binary' }),
    fc.constantFrom('ISPCSESS=', 'ISPCSESS', '; ', ';', '%', '[', '=', 'panel-2fa=', '\t', '\r\n'),
  );
  fc.assert(
    fc.property(fc.array(part, { maxLength: 12 }), (parts) => {
      const id = sessionIdOf(parts.join(''));
      assert.ok(id === undefined || /^[A-Za-z0-9,-]{1,64}$/.test(id));
    }),
    { numRuns: 2_000 },
  );
});
