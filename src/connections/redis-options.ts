import type { Place } from './place.js';
import type { RedisAddress } from './redis-address.js';
import { clientOptions } from './tls.js';

/** Of the names of a host, its IPv4 and its IPv6 addresses. */
const EITHER_FAMILY = 0;

/** How `ioredis` connects to an address. */
export function redisOptions({ place, user, password, number }: RedisAddress) {
  return { username: user, password, db: number, ...placeOptions(place) };
}

function placeOptions(place: Place) {
  if (place.kind === 'socket') return { path: place.path };
  const { host, port, tls } = place;
  return { host, port, family: EITHER_FAMILY, ...(tls && { tls: clientOptions(tls) }) };
}
