import ipaddr from 'ipaddr.js';

/** A client address in its canonical spelling; an IPv4 address written as IPv6 is IPv4. */
export function canonicalAddress(text: string): string {
  return ipaddr.isValid(text) ? ipaddr.process(text).toString() : text;
}

/** What counts as one client: an IPv4 address, or the /64 of an IPv6 address. */
export function addressBucket(text: string): string {
  if (!ipaddr.isValid(text)) return text;
  const address = ipaddr.process(text);
  if (!(address instanceof ipaddr.IPv6)) return address.toString();
  return `${address.parts
    .slice(0, 4)
    .map((part) => part.toString(16))
    .join(':')}::/64`;
}
