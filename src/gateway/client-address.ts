import type { IncomingMessage } from 'node:http';
import ipaddr from 'ipaddr.js';
import { canonicalAddress } from '../index.js';

type Range = [ipaddr.IPv4 | ipaddr.IPv6, number];

/** In `trustedProxies`: whoever may connect to our unix socket. */
export const UNIX_PEERS = 'unix';

/** Stands for a client whose address nobody told; it has no rights anywhere, which 127.0.0.1 does have. */
const UNKNOWN = '0.0.0.0';

/** Is this an address, a network in CIDR notation, or the word for unix sockets? */
export function isTrustable(text: string): boolean {
  return text === UNIX_PEERS || ipaddr.isValid(text) || ipaddr.isValidCIDR(text);
}

/**
 * Finds the client's address: the peer of the connection, or, when that is a trusted proxy, the right-most entry of
 * `X-Forwarded-For` that is not. Anything further left was written by the client and is ignored.
 */
export class ClientAddresses {
  readonly #ranges: readonly Range[];
  readonly #trustsUnix: boolean;

  constructor(trusted: readonly string[]) {
    this.#trustsUnix = trusted.includes(UNIX_PEERS);
    this.#ranges = trusted.filter((entry) => entry !== UNIX_PEERS).map(rangeOf);
  }

  /** In canonical spelling. */
  of(req: IncomingMessage): string {
    const peer = req.socket.remoteAddress;
    if (peer === undefined ? !this.#trustsUnix : !this.#trusts(peer)) return clean(peer ?? UNKNOWN);
    let nearest = peer ?? UNKNOWN;
    for (const hop of forwardedFor(req).toReversed()) {
      // Not an address: a proxy of ours passed on something it should not have. Nothing left of it counts.
      if (!ipaddr.isValid(hop)) break;
      nearest = hop;
      if (!this.#trusts(hop)) break;
    }
    return clean(nearest);
  }

  #trusts(text: string): boolean {
    const address = ipaddr.process(text);
    return this.#ranges.some(
      ([network, bits]) => network.kind() === address.kind() && address.match(network, bits),
    );
  }
}

function rangeOf(text: string): Range {
  if (ipaddr.isValidCIDR(text)) return ipaddr.parseCIDR(text);
  const address = ipaddr.process(text);
  return [address, address.kind() === 'ipv4' ? 32 : 128];
}

function forwardedFor(req: IncomingMessage): string[] {
  const value = req.headers['x-forwarded-for'];
  return (Array.isArray(value) ? value.join(',') : (value ?? '')).split(',').map((part) => part.trim());
}

/** Without the zone of a link-local address, which means nothing on another machine. */
function clean(address: string): string {
  return canonicalAddress(address.replace(/%.*$/, ''));
}
