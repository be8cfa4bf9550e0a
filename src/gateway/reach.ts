import { lookup } from 'node:dns/promises';
import { stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import ipaddr from 'ipaddr.js';
import { UNIX } from './upstream.js';

/** Who can connect to an address: the users whom the modes of files let, every user of this machine, or the network. */
export type Reach = 'owner' | 'machine' | 'network';

const OTHERS_WRITE = 0o002;
const OTHERS_ENTER = 0o001;

/** Who reaches this upstream. Rejects when its socket is not there or its name is not known. */
export async function reachOf(upstream: string): Promise<Reach> {
  if (upstream.startsWith(UNIX)) return reachOfSocket(upstream.slice(UNIX.length));
  const { hostname } = new URL(upstream);
  const addresses = await lookup(hostname.replace(/^\[|\]$/g, ''), { all: true });
  const isLocal = addresses.every(({ address }) => ipaddr.process(address).range() === 'loopback');
  return isLocal ? 'machine' : 'network';
}

/** Connecting needs the right to write the socket and to enter every folder above it. */
async function reachOfSocket(path: string): Promise<Reach> {
  if (((await stat(path)).mode & OTHERS_WRITE) === 0) return 'owner';
  for (let folder = dirname(path); ; folder = dirname(folder)) {
    if (((await stat(folder)).mode & OTHERS_ENTER) === 0) return 'owner';
    if (folder === dirname(folder)) return 'machine';
  }
}
