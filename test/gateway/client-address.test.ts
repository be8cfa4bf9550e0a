import assert from 'node:assert/strict';
import type { IncomingMessage } from 'node:http';
import { test } from 'node:test';
import { ClientAddresses, isTrustable } from '../../src/gateway/client-address.js';

const request = (remoteAddress: string | undefined, forwarded?: string) =>
  ({ socket: { remoteAddress }, headers: { 'x-forwarded-for': forwarded } }) as unknown as IncomingMessage;

const cases: readonly (readonly [
  name: string,
  trusted: readonly string[],
  peer: string | undefined,
  forwarded: string | undefined,
  address: string,
])[] = [
  ['A7 an untrusted peer is itself, whatever it writes', [], '192.0.2.1', '6.6.6.6', '192.0.2.1'],
  ['a trusted peer is believed', ['192.0.2.1'], '192.0.2.1', '198.51.100.7', '198.51.100.7'],
  [
    'A7 only the right-most entry that is not ours',
    ['192.0.2.0/24'],
    '192.0.2.1',
    '6.6.6.6, 198.51.100.7, 192.0.2.9',
    '198.51.100.7',
  ],
  ['a proxy that says nothing', ['192.0.2.1'], '192.0.2.1', undefined, '192.0.2.1'],
  [
    'all are ours: the one that is farthest',
    ['192.0.2.0/24'],
    '192.0.2.1',
    '192.0.2.3, 192.0.2.2',
    '192.0.2.3',
  ],
  [
    'A7 no address: nothing left of it counts',
    ['192.0.2.1'],
    '192.0.2.1',
    '198.51.100.7, unknown',
    '192.0.2.1',
  ],
  ['IPv4 written as IPv6, as peer', ['192.0.2.1'], '::ffff:192.0.2.1', '198.51.100.7', '198.51.100.7'],
  ['IPv4 written as IPv6, as client', ['192.0.2.1'], '192.0.2.1', '::ffff:198.51.100.7', '198.51.100.7'],
  ['IPv6 in one spelling', ['::1'], '::1', '2001:DB8:0:0::0001', '2001:db8::1'],
  ['no zone', [], 'fe80::1%eth0', undefined, 'fe80::1'],
  ['our unix socket, trusted', ['unix'], undefined, '198.51.100.7', '198.51.100.7'],
  ['our unix socket, trusted and silent', ['unix'], undefined, undefined, '0.0.0.0'],
  ['our unix socket, not trusted', ['127.0.0.1'], undefined, '198.51.100.7', '0.0.0.0'],
];

for (const [name, trusted, peer, forwarded, address] of cases) {
  test(name, () => {
    assert.equal(new ClientAddresses(trusted).of(request(peer, forwarded)), address);
  });
}

const PROXY = '192.0.2.1';
const written: readonly (readonly [entry: string, address: string])[] = [
  ['203.0.113.7', '203.0.113.7'],
  ['203.0.113.7:443', '203.0.113.7'],
  ['[2001:db8::1]', '2001:db8::1'],
  ['[2001:db8::1]:443', '2001:db8::1'],
  ['2001:DB8:0::1', '2001:db8::1'],
  ['"203.0.113.7"', '203.0.113.7'],
  ['"203.0.113.7:443"', '203.0.113.7'],
  ['"[2001:db8::1]:443"', '2001:db8::1'],
  ['  203.0.113.7  ', '203.0.113.7'],
  ['[::ffff:203.0.113.7]:443', '203.0.113.7'],
  ['fe80::1%eth0', 'fe80::1'],
  ['203.0.113.7,', '203.0.113.7'],
  ['203.0.113.7, ,', '203.0.113.7'],
  [', 203.0.113.7', '203.0.113.7'],
  ['6.6.6.6, 203.0.113.7:443', '203.0.113.7'],
  ['', PROXY],
  [',', PROXY],
  ['unknown', PROXY],
  ['_hidden', PROXY],
  ['6.6.6.6, unknown', PROXY],
  ['203.0.113.7:', PROXY],
  ['203.0.113.7:123456', PROXY],
  ['203.0.113', PROXY],
  ['203.0.113.256', PROXY],
  ['0313.0.0161.07', PROXY],
  ['3405803783', PROXY],
  ['2001:db8::1:443:x', PROXY],
  ['[203.0.113.7', PROXY],
  ['panel.example.com', PROXY],
  ['203.0.113.7 x', PROXY],
];
for (const [entry, address] of written) {
  test(`X-Forwarded-For: ${JSON.stringify(entry)} is ${address}`, () => {
    assert.equal(new ClientAddresses([PROXY]).of(request(PROXY, entry)), address);
  });
}

const elements: readonly (readonly [header: string, address: string])[] = [
  ['for=203.0.113.7', '203.0.113.7'],
  ['For="203.0.113.7:443";proto=https;by=10.0.0.1', '203.0.113.7'],
  ['for="[2001:db8::1]:443"', '2001:db8::1'],
  ['proto=https;for=203.0.113.7', '203.0.113.7'],
  ['for=6.6.6.6, for=203.0.113.7', '203.0.113.7'],
  ['for=6.6.6.6;host="a,b;for=6.6.6.6", for=203.0.113.7', '203.0.113.7'],
  ['for=203.0.113.7, for=192.0.2.9', '203.0.113.7'],
  ['for=203.0.113.7,', '203.0.113.7'],
  ['for=unknown', PROXY],
  ['for=6.6.6.6, for=_secret', PROXY],
  ['for=6.6.6.6, proto=https', PROXY],
  ['for=6.6.6.6;for=6.6.6.7', PROXY],
  ['for=6.6.6.6;x=", for=203.0.113.7', PROXY],
  ['for=6.6.6.6;x=", for="203.0.113.7"', PROXY],
  ['for=6.6.6.6;x="\\", for="203.0.113.7"', PROXY],
  ['', PROXY],
];
for (const [header, address] of elements) {
  test(`Forwarded: ${header} is ${address}`, () => {
    const req = {
      socket: { remoteAddress: PROXY },
      headers: { forwarded: header, 'x-forwarded-for': '6.6.6.6' },
    } as unknown as IncomingMessage;
    assert.equal(new ClientAddresses([PROXY, '192.0.2.9'], 'forwarded').of(req), address);
    assert.equal(new ClientAddresses([PROXY]).of(req), '6.6.6.6', 'only one of the two headers is read');
  });
}

for (const [network, peer] of [
  ['::ffff:172.18.0.0/112', '172.18.0.5'],
  ['::ffff:172.18.0.0/112', '::ffff:172.18.0.5'],
  ['::ffff:172.18.0.5', '172.18.0.5'],
  ['172.18.0.0/16', '::ffff:172.18.0.5'],
  ['2001:db8::/32', '2001:db8::5'],
] as const) {
  test(`${peer} is in the trusted ${network}`, () => {
    assert.equal(isTrustable(network), true);
    assert.equal(new ClientAddresses([network]).of(request(peer, '203.0.113.7')), '203.0.113.7');
    assert.equal(new ClientAddresses([network]).of(request('198.51.100.1', '6.6.6.6')), '198.51.100.1');
  });
}

test('an entry that is no address is told', () => {
  const told: string[] = [];
  const addresses = new ClientAddresses([PROXY], 'x-forwarded-for', (entry) => told.push(entry));
  addresses.of(request(PROXY, '6.6.6.6, unknown'));
  addresses.of(request(PROXY, '203.0.113.7, '));
  addresses.of(request('198.51.100.1', 'unknown'));
  assert.deepEqual(told, ['unknown']);
});
