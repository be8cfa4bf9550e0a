import { networkPlace, type Place, placeText, socketPlace } from './place.js';
import { TLS_OPTIONS, tlsOptionsIn } from './tls.js';
import { optionsOf } from './url-options.js';
import { decoded, partsOf } from './url-parts.js';
import { WrongAddress } from './wrong-address.js';

/** A database on a server, and who we are there. */
export interface ServerAddress<Kind extends string> {
  readonly kind: Kind;
  readonly place: Place;
  readonly user: string;
  readonly password: string | undefined;
  readonly database: string;
}

/** MariaDB and MySQL. */
export type MysqlAddress = ServerAddress<'mysql'>;

export type DatabaseAddress =
  | { readonly kind: 'sqlite'; readonly path: string }
  | MysqlAddress
  | ServerAddress<'postgres'>;

const OPTIONS = ['tls', ...TLS_OPTIONS, 'socket'] as const;
const MYSQL_FORM = 'mysql://user:password@host:3306/database';
const SCHEMES = {
  mysql: { kind: 'mysql', port: 3306, form: MYSQL_FORM },
  mariadb: { kind: 'mysql', port: 3306, form: MYSQL_FORM },
  postgres: { kind: 'postgres', port: 5432, form: 'postgres://user:password@host:5432/database' },
  postgresql: { kind: 'postgres', port: 5432, form: 'postgres://user:password@host:5432/database' },
} as const;

/**
 * Reads the address of a database of ours: `sqlite:<path>`, `sqlite::memory:`, `mysql://…` (or `mariadb://`) and
 * `postgres://…` (or `postgresql://`). Throws a `WrongAddress` for everything that it would have to leave out or guess.
 */
export function databaseAddress(text: string): DatabaseAddress {
  const path = /^sqlite:(.+)$/s.exec(text)?.[1];
  if (path !== undefined) return { kind: 'sqlite', path };
  const address = serverAddress(text);
  if (!address) throw new WrongAddress('must be sqlite:<path>, mysql://… or postgres://…');
  return address;
}

/** For people, without a secret. */
export function databaseText(address: DatabaseAddress): string {
  return address.kind === 'sqlite' ? address.path : placeText(address.place);
}

/** As {@link databaseAddress}, for a database that can only be MariaDB or MySQL. */
export function mysqlAddress(text: string): MysqlAddress {
  const address = serverAddress(text);
  if (address?.kind !== 'mysql') throw new WrongAddress(`must be like ${MYSQL_FORM}`);
  return address;
}

function serverAddress(text: string): MysqlAddress | ServerAddress<'postgres'> | undefined {
  const word = /^\w+(?=:\/\/)/.exec(text)?.[0] ?? '';
  if (!Object.hasOwn(SCHEMES, word)) return undefined;
  const { kind, port, form } = SCHEMES[word as keyof typeof SCHEMES];
  const parts = partsOf(text, form);
  const { tls, socket, ...options } = optionsOf(parts.query, OPTIONS);
  if (tls !== undefined && tls !== 'on') {
    throw new WrongAddress('has the option "tls", which can only be "on": without TLS leave it out');
  }
  const wantsTls = tls === 'on' || tlsOptionsIn(options).length > 0;
  const place = socket
    ? socketPlace(socket, parts, { ...options, ...(tls && { tls }) })
    : networkPlace(parts, port, wantsTls ? options : undefined);
  const database = decoded(parts.path.slice(1));
  if (parts.user === '') throw new WrongAddress(`has no user name: it must be like ${form}`);
  if (database === '' || parts.path.lastIndexOf('/') > 0) {
    throw new WrongAddress(`has no name of one database after the host: it must be like ${form}`);
  }
  return { kind, place, user: parts.user, password: parts.password, database };
}
