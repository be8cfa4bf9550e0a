import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { cookieHeader, readCookies } from '../../../src/hosts/ispconfig/session-cookie.js';

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
  ['too long', `ISPCSESS=${'a'.repeat(65)}`, undefined],
  ['a bad one first', `ISPCSESS=; ISPCSESS=${GOOD}`, undefined],
] as const) {
  test(`the session cookie ${what}`, () => {
    const { sessionId, others } = readCookies(header);
    assert.equal(sessionId, id);
    assert.ok(!others.some((other) => /ispcsess/i.test(other)));
  });
}

test('our clearance never goes to the panel, other cookies do', () => {
  const header = `panel-2fa=x.y; theme=dark; __Host-panel-2fa=x.y; ISPCSESS=${GOOD}; PANEL-2FA=1; _ga=GA1.2`;
  const { sessionId, others } = readCookies(header);
  assert.equal(cookieHeader(sessionId, others), `ISPCSESS=${GOOD}; theme=dark; _ga=GA1.2`);
  assert.equal(cookieHeader(undefined, []), undefined);
});

test('whatever is sent, at most one session cookie goes on, and nothing breaks out of it', () => {
  const part = fc.oneof(
    fc.string({ unit: 'binary-ascii' }),
    fc.constantFrom('ISPCSESS=', 'ISPCSESS', '; ', ';', '%', '[', '=', 'panel-2fa=', '\t', '\r\n'),
  );
  fc.assert(
    fc.property(fc.array(part, { maxLength: 12 }), (parts) => {
      const { sessionId, others } = readCookies(parts.join(''));
      const sent = cookieHeader('theone', others) ?? '';
      assert.equal(sent.split(';').filter((pair) => /^\s*ispcsess/i.test(pair)).length, 1);
      assert.match(sent, /^[\x20-\x7e]*$/);
      assert.ok(sessionId === undefined || /^[A-Za-z0-9,-]{1,64}$/.test(sessionId));
    }),
    { numRuns: 2_000 },
  );
});
