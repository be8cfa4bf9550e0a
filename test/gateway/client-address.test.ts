import assert from 'node:assert/strict';
import type { IncomingMessage } from 'node:http';
import { test } from 'node:test';
import { ClientAddresses } from '../../src/gateway/client-address.js';

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
