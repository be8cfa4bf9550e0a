import assert from 'node:assert/strict';
import { test } from 'node:test';
import { domainToASCII } from 'node:url';
import { bothNames, encodedName, readableName } from '../../src/input/mail-name.js';

const MULLER = 'xn--mller-kva@xn--exmple-cua.test';

/** What is typed, and what the panel keeps. */
const TYPED: readonly (readonly [typed: string, kept: string])[] = [
  ['müller@exämple.test', MULLER],
  ['MÜLLER@Exämple.TEST', MULLER],
  ['mu\u0308ller@exa\u0308mple.test', MULLER],
  [MULLER, MULLER],
  [MULLER.toUpperCase(), MULLER],
  ['xn--mller-kva@exämple.test', MULLER],
  ['müller@xn--exmple-cua.test', MULLER],
  [' müller@exämple.test ', MULLER],
  ['MBox@EXAMPLE.test', 'mbox@example.test'],
  ['a.b+c_d@example.test', 'a.b+c_d@example.test'],
  ['müller', 'xn--mller-kva'],
  ['почта@пример.рф', 'xn--80a1acny@xn--e1afmkfd.xn--p1ai'],
];
for (const [typed, kept] of TYPED)
  test(`${typed} is kept as ${kept}`, () => assert.equal(encodedName(typed), kept));

/** What the panel keeps, and what is shown. */
const SHOWN: readonly (readonly [kept: string, shown: string])[] = [
  [MULLER, 'müller@exämple.test'],
  ['mbox@example.test', 'mbox@example.test'],
  ['info@xn--e1afmkfd.xn--p1ai', 'info@пример.рф'],
  ['info@xn--fiqs8s.test', 'info@中国.test'],
  ['info@xn--r8jz45g.test', 'info@例え.test'],
  // Not an address of a mailbox: whatever stands there is a name.
  ['xn--mller-kva', 'xn--mller-kva'],
  // No valid encoding.
  ['a@xn--.test', 'a@xn--.test'],
  ['a@xn--zzzzzz99999.test', 'a@xn--zzzzzz99999.test'],
  // Two scripts, or letters that only look like others.
  [`a@${domainToASCII('pаypal.test')}`, `a@${domainToASCII('pаypal.test')}`],
  [`a@${domainToASCII('аррӏе.test')}`, `a@${domainToASCII('аррӏе.test')}`],
  [`a@${domainToASCII('οκ.test')}`, `a@${domainToASCII('οκ.test')}`],
];
for (const [kept, shown] of SHOWN)
  test(`${kept} is shown as ${shown}`, () => assert.equal(readableName(kept), shown));

test('where people look for what the panel keeps, both are shown', () => {
  assert.equal(bothNames(MULLER), `müller@exämple.test (${MULLER})`);
  assert.equal(bothNames('client1'), 'client1');
});
