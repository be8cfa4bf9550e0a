import { basename, dirname } from 'node:path';
import type { ServerAddress } from './database-address.js';
import type { Place } from './place.js';
import { clientOptions } from './tls.js';

const USUAL_PORT = 5432;

/** How `pg` connects to an address. */
export function postgresOptions({ place, user, password, database }: ServerAddress<'postgres'>) {
  return { user, password, database, ...placeOptions(place) };
}

function placeOptions(place: Place) {
  // Not given, it would be read from PGSSLMODE.
  if (place.kind === 'socket') return { ...socketOptions(place.path), ssl: false };
  const { host, port, tls } = place;
  return { host, port, ssl: tls ? clientOptions(tls) : false };
}

/** `pg` wants the folder, and makes the socket's name from the port. */
function socketOptions(path: string): { readonly host: string; readonly port: number } {
  const port = /^\.s\.PGSQL\.(\d+)$/.exec(basename(path))?.[1];
  return port ? { host: dirname(path), port: Number(port) } : { host: path, port: USUAL_PORT };
}
