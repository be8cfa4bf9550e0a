/** The /48 around a client that is the /64 of an IPv6 address: what one customer can have of clients. Undefined for others. */
export function networkOf(client: string): string | undefined {
  const [network, bits] = client.split('::/');
  return bits === '64' ? `${network?.split(':').slice(0, 3).join(':')}::/48` : undefined;
}
