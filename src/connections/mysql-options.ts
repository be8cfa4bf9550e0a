import { connect, type Socket } from 'node:net';
import type { MysqlAddress } from './database-address.js';
import type { Place } from './place.js';

/**
 * How mysql2 connects to an address. It would check no name in a certificate, of an address neither: it is told to,
 * and its socket says which.
 */
export function mysqlOptions({ place, user, password, database }: MysqlAddress) {
  return { user, password: password ?? '', database, ...placeOptions(place) };
}

function placeOptions(place: Place) {
  if (place.kind === 'socket') return { socketPath: place.path };
  const { host, port, tls } = place;
  if (!tls) return { host, port };
  const { servername, ...files } = tls;
  return {
    host: servername,
    port,
    ssl: { ...files, rejectUnauthorized: true, verifyIdentity: true },
    stream: () => named(connect({ host, port, noDelay: true, keepAlive: true }), servername),
  };
}

/** For an address mysql2 names no host, and `tls.connect` then takes the name from the socket, else `localhost`. */
function named(socket: Socket, servername: string): Socket {
  return Object.assign(socket, { _host: servername });
}
