import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { addressBucket, addressNetwork, canonicalAddress } from '../../src/http/address.js';

const group = fc.integer({ min: 0, max: 0xffff });
const groups = fc.array(group, { minLength: 8, maxLength: 8 }).filter(([first]) => first !== 0);
const spelled = (parts: readonly number[], pad: number, upper: boolean) => {
  const text = parts.map((part) => part.toString(16).padStart(pad, '0')).join(':');
  return upper ? text.toUpperCase() : text;
};

test('A7 all addresses of a /64 are one bucket, in every spelling; those of another are not', () => {
  fc.assert(
    fc.property(groups, groups, fc.nat(4), fc.boolean(), (one, other, pad, upper) => {
      const network = one.slice(0, 4);
      const neighbour = [...network, ...other.slice(4)];
      assert.equal(addressBucket(spelled(one, 1, false)), addressBucket(spelled(neighbour, pad, upper)));
      const elsewhere = [...network.slice(0, 3), (network[3] ?? 0) ^ 1, ...other.slice(4)];
      assert.notEqual(addressBucket(spelled(one, 1, false)), addressBucket(spelled(elsewhere, pad, upper)));
    }),
  );
});

test('A7 an IPv4 address is one bucket, written as IPv6 too', () => {
  fc.assert(
    fc.property(fc.ipV4(), (address) => {
      for (const odd of [`::ffff:${address}`, `::FFFF:${address}`, `0:0:0:0:0:ffff:${address}`]) {
        assert.equal(addressBucket(odd), addressBucket(address));
        assert.equal(canonicalAddress(odd), canonicalAddress(address));
      }
    }),
  );
});

test('canonical once is canonical for good, whatever was given', () => {
  fc.assert(
    fc.property(fc.oneof(fc.ipV6(), fc.ipV4Extended(), fc.string()), (text) => {
      assert.equal(canonicalAddress(canonicalAddress(text)), canonicalAddress(text));
    }),
  );
});

test('the network of an IPv6 address is its /48; an IPv4 address has none', () => {
  for (const [address, network] of [
    ['2001:db8:ff:1234::1', '2001:db8:ff::/48'],
    ['2001:0DB8:00FF:0:0:0:0:9', '2001:db8:ff::/48'],
    ['2001:db8:fe::1', '2001:db8:fe::/48'],
    ['192.0.2.1', undefined],
    ['::ffff:192.0.2.1', undefined],
    ['nobody', undefined],
  ] as const)
    assert.equal(addressNetwork(address), network, address);
});
