import { isIPv6 } from 'node:net';
import { type Tls, type TlsOptions, tlsOf, tlsOptionsIn } from './tls.js';
import type { UrlParts } from './url-parts.js';
import { WrongAddress } from './wrong-address.js';

/** Where a server listens. */
export type Place =
  | { readonly kind: 'socket'; readonly path: string }
  /** `tls` is undefined for a connection in plain. */
  | { readonly kind: 'network'; readonly host: string; readonly port: number; readonly tls: Tls | undefined };

/** A place on the network. Throws a `WrongAddress` without a host. */
export function networkPlace(
  parts: Pick<UrlParts, 'host' | 'port'>,
  usualPort: number,
  tlsOptions: TlsOptions | undefined,
): Place {
  const { host, port = usualPort } = parts;
  if (host === '') throw new WrongAddress('has no host');
  return { kind: 'network', host, port, tls: tlsOptions && tlsOf(tlsOptions, host) };
}

/** A unix socket. Throws a `WrongAddress` for a relative path, and when something is told that only a network has. */
export function socketPlace(
  path: string,
  { host, port }: Pick<UrlParts, 'host' | 'port'>,
  options: TlsOptions & { readonly tls?: string },
): Place {
  if (!path.startsWith('/')) throw new WrongAddress('has a socket that is no absolute path');
  if (port !== undefined || (host !== '' && host !== 'localhost')) {
    throw new WrongAddress('has a host and a socket: leave one of them out');
  }
  const [option] = [...tlsOptionsIn(options), ...(options.tls ? ['tls'] : [])];
  if (option) throw new WrongAddress(`has the option "${option}", which a unix socket does not need`);
  return { kind: 'socket', path };
}

/** For people, without a secret: `host:port` or the socket's path. */
export function placeText(place: Place): string {
  if (place.kind === 'socket') return place.path;
  return `${isIPv6(place.host) ? `[${place.host}]` : place.host}:${place.port}`;
}
