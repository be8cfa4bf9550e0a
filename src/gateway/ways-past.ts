import { networkInterfaces } from 'node:os';
import { type Reach, reachOf } from './reach.js';
import { type Signs, whoAnswers } from './who-answers.js';

/** A place where the panel answers without the gateway. */
export interface WayPast {
  readonly origin: string;
  readonly reach: Reach;
}

export interface Places {
  /** Names or addresses, IPv6 in brackets. */
  readonly hosts: readonly string[];
  readonly ports: readonly number[];
  /** The name that browsers use. */
  readonly name: string;
}

/** Asks every port at every host, with and without TLS; of each port the widest way counts. */
export async function waysPast({ hosts, ports, name }: Places, signs: Signs): Promise<WayPast[]> {
  const found = await Promise.all(
    ports.map(async (port) => {
      const ways = await Promise.all(hosts.map((host) => wayAt(`${host}:${port}`, name, signs)));
      return ways.find((way) => way?.reach === 'network') ?? ways.find((way) => way !== undefined);
    }),
  );
  return found.filter((way) => way !== undefined);
}

/** This machine by its addresses in the network, and by the one that only itself knows. */
export function hostsOfThisMachine(): string[] {
  const outside = Object.values(networkInterfaces())
    .flatMap((addresses) => addresses ?? [])
    .filter(({ internal, address }) => !internal && !address.startsWith('fe80:'));
  const hosts = outside.map(({ family, address }) => (family === 'IPv6' ? `[${address}]` : address));
  return ['127.0.0.1', ...hosts];
}

async function wayAt(place: string, name: string, signs: Signs): Promise<WayPast | undefined> {
  for (const origin of [`https://${place}`, `http://${place}`]) {
    const { who } = await whoAnswers(origin, name, signs);
    if (who === 'panel') return { origin, reach: await reachOf(origin) };
    if (who !== 'nobody') return undefined;
  }
  return undefined;
}
