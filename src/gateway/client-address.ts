import type { IncomingMessage } from 'node:http';
import type { Socket } from 'node:net';
import ipaddr from 'ipaddr.js';
import { readAddress } from '../index.js';
import { forwardedFor } from './forwarded.js';

type Range = [ipaddr.IPv4 | ipaddr.IPv6, number];

/** In `trustedProxies`: whoever may connect to our unix socket. */
export const UNIX_PEERS = 'unix';

/** Where trusted proxies write down who asked them: `X-Forwarded-For`, or `Forwarded` (RFC 7239). Only one is read. */
export const ADDRESS_HEADERS = ['x-forwarded-for', 'forwarded'] as const;
export type AddressHeader = (typeof ADDRESS_HEADERS)[number];

/** Stands for a client whose address nobody told; it has no rights anywhere, which 127.0.0.1 does have. */
const UNKNOWN = '0.0.0.0';
/** Bits in front of an IPv4 address written as IPv6 (RFC 4291 §2.5.5.2). */
const MAPPED_BITS = 96;

/** Is this an address, a network in CIDR notation, or the word for unix sockets? */
export function isTrustable(text: string): boolean {
  return text === UNIX_PEERS || ipaddr.isValid(text) || ipaddr.isValidCIDR(text);
}

/**
 * Finds the client's address: the peer of the connection, or, when that is a trusted proxy, the right-most entry of
 * the header that is not. Anything further left was written by the client and is ignored.
 */
export class ClientAddresses {
  readonly #ranges: readonly Range[];
  readonly #trustsUnix: boolean;
  readonly #header: AddressHeader;
  readonly #strange: (entry: string) => void;

  /** `strange` gets each entry of a trusted proxy that is no address. */
  constructor(
    trusted: readonly string[],
    header: AddressHeader = 'x-forwarded-for',
    strange: (entry: string) => void = () => {},
  ) {
    this.#trustsUnix = trusted.includes(UNIX_PEERS);
    this.#ranges = trusted.filter((entry) => entry !== UNIX_PEERS).map(rangeOf);
    this.#header = header;
    this.#strange = strange;
  }

  /** In canonical spelling. */
  of(req: IncomingMessage): string {
    const peer = readAddress(req.socket.remoteAddress ?? '');
    if (!this.trustsPeer(req.socket)) return peer ?? UNKNOWN;
    let nearest = peer ?? UNKNOWN;
    for (const entry of this.#entries(req).toReversed()) {
      const address = readAddress(entry);
      if (address === undefined) {
        // Nothing left of it counts: a proxy of ours passed on what it should not have.
        this.#strange(entry);
        break;
      }
      nearest = address;
      if (!this.#trusts(address)) break;
    }
    return nearest;
  }

  /** Is the other end of this connection a trusted proxy? */
  trustsPeer({ remoteAddress = '' }: Pick<Socket, 'remoteAddress'>): boolean {
    const peer = readAddress(remoteAddress);
    return peer === undefined ? this.#trustsUnix : this.#trusts(peer);
  }

  /** What proxies wrote, the last one last. Empty members of a list mean nothing (RFC 9110 §5.6.1.2). */
  #entries(req: IncomingMessage): string[] {
    const value = req.headers[this.#header];
    const text = Array.isArray(value) ? value.join(',') : (value ?? '');
    const entries = this.#header === 'forwarded' ? forwardedFor(text) : text.split(',');
    return entries.map((entry) => entry.trim()).filter((entry) => entry !== '');
  }

  #trusts(text: string): boolean {
    const address = ipaddr.parse(text);
    return this.#ranges.some(
      ([network, bits]) => network.kind() === address.kind() && address.match(network, bits),
    );
  }
}

function rangeOf(text: string): Range {
  if (!text.includes('/')) {
    const address = ipaddr.process(text);
    return [address, address.kind() === 'ipv4' ? 32 : 128];
  }
  const [network, bits] = ipaddr.parseCIDR(text);
  return network instanceof ipaddr.IPv6 && network.isIPv4MappedAddress() && bits >= MAPPED_BITS
    ? [network.toIPv4Address(), bits - MAPPED_BITS]
    : [network, bits];
}
