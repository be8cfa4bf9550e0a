import ipaddr from 'ipaddr.js';
import type { Context, Next } from 'koa';
import { networkOf } from '../core/base/network.js';

const WITH_PORT = /^(?:\[([^\]]*)\]|([\d.]+))(?::\d{1,5})?$/;

/**
 * The address in what a proxy wrote down, in canonical spelling: plain, in brackets, with a port, in quotation marks
 * (RFC 7239 §6). An IPv4 address written as IPv6 is IPv4; the zone of a link-local address means nothing on another machine.
 * Undefined when it is none.
 */
export function readAddress(text: string): string | undefined {
  const bare = text.trim().replace(/^"(.*)"$/, '$1');
  const [, six, four] = WITH_PORT.exec(bare) ?? [];
  const address = (six ?? four ?? bare).replace(/%.*$/, '');
  const isAddress = address.includes(':')
    ? ipaddr.IPv6.isValid(address)
    : ipaddr.IPv4.isValidFourPartDecimal(address);
  return isAddress ? ipaddr.process(address).toString() : undefined;
}

/** As {@link readAddress}; what is no address stays as it is. */
export function canonicalAddress(text: string): string {
  return readAddress(text) ?? text;
}

/** What counts as one client: an IPv4 address, or the /64 of an IPv6 address. */
export function addressBucket(text: string): string {
  const address = readAddress(text);
  if (address === undefined) return text;
  const parsed = ipaddr.parse(address);
  if (!(parsed instanceof ipaddr.IPv6)) return address;
  return `${parsed.parts
    .slice(0, 4)
    .map((part) => part.toString(16))
    .join(':')}::/64`;
}

/** As {@link networkOf}, of any address. */
export function addressNetwork(text: string): string | undefined {
  return networkOf(addressBucket(text));
}

/**
 * Middleware that goes before whatever waits: Koa asks the connection for `ctx.ip`, and a connection that was closed
 * meanwhile has forgotten it.
 */
export function rememberAddress(ctx: Context, next: Next): Promise<void> {
  ctx.request.ip = canonicalAddress(ctx.ip);
  return next();
}
