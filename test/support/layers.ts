import { posix } from 'node:path';
import { importsOf } from './imports.js';

/** A room of `src`: a folder (its subfolders without a room of their own included) or a file. */
interface Room {
  readonly at: string;
  /** The rooms it may see, all of them further down; its own files it always may. */
  readonly sees: readonly string[];
  /** Rooms or files seen for their types only. */
  readonly seesTypes?: readonly string[];
  /** Packages and parts of node it may use; without it all but the ones in `never`. */
  readonly packages?: readonly string[];
  readonly never?: readonly string[];
}

const web = ['koa', 'koa-router', 'koa-session', '@koa/bodyparser', 'eta'];
const databases = ['typeorm', 'sqlite3', 'ioredis'];
const pure = ['node:crypto', 'node:util'];
const core = (name: string, ...sees: string[]): Room => ({
  at: `core/${name}`,
  sees: sees.map((room) => `core/${room}`),
  packages: name === 'codes' ? [...pure, 'speakeasy'] : pure,
});
const rules = ['base', 'account', 'keys', 'acts', 'codes', 'audit', 'login', 'gate', 'own', 'admin'].map(
  (room) => `core/${room}`,
);

/** From the ground up: no room sees one further up, so no way through the rooms ends where it began. */
export const rooms: readonly Room[] = [
  core('base'),
  core('account', 'base'),
  core('keys', 'base', 'account'),
  core('acts', 'base', 'account', 'keys'),
  core('codes', 'base', 'account', 'keys'),
  core('audit', 'base', 'account'),
  core('gate', 'account', 'keys', 'codes'),
  core('login', 'base', 'account', 'codes', 'audit'),
  core('own', 'base', 'account', 'keys', 'codes', 'audit'),
  core('admin', 'base', 'account', 'codes', 'audit', 'login', 'own'),
  { at: 'input', sees: [] },
  {
    at: 'connections',
    sees: ['input'],
    packages: ['node:crypto', 'node:fs', 'node:net', 'node:path', 'node:tls'],
  },
  { at: 'storage', sees: [...rules, 'input', 'connections'], never: web },
  { at: 'hosts', sees: rules },
  { at: 'hosts/ispconfig/people', sees: ['core/base', 'core/account', 'connections', 'hosts'] },
  { at: 'hosts/ispconfig/sessions', sees: ['core/account', 'hosts', 'hosts/ispconfig/people'] },
  {
    at: 'hosts/ispconfig/pages',
    sees: ['core/base', 'core/account', 'core/gate', 'hosts', 'hosts/ispconfig/sessions'],
  },
  { at: 'hosts/ispconfig/remote', sees: ['core/account', 'hosts', 'hosts/ispconfig/people'] },
  {
    at: 'hosts/ispconfig',
    sees: [
      'core/base',
      'core/account',
      'input',
      'hosts',
      'hosts/ispconfig/people',
      'hosts/ispconfig/sessions',
      'hosts/ispconfig/pages',
      'hosts/ispconfig/remote',
    ],
  },
  {
    at: 'http',
    sees: [...rules, 'input'],
    seesTypes: ['hosts/panel-host.ts', 'hosts/slot.ts'],
    never: databases,
  },
  { at: 'plugin', sees: [...rules, 'connections', 'storage', 'hosts', 'http'] },
  { at: 'index.ts', sees: [...rules, 'hosts', 'http', 'plugin'] },
  {
    at: 'demo',
    sees: [
      'input',
      'hosts',
      'plugin',
      'index.ts',
      'storage/data-folder.ts',
      'storage/quiet-sqlite.ts',
      'storage/memory/rate-limiter.memory.ts',
    ],
  },
  {
    at: 'gateway',
    sees: [
      'connections',
      'input',
      'hosts',
      'hosts/ispconfig',
      'plugin',
      'index.ts',
      'storage/data-folder.ts',
      'storage/become-owner.ts',
      'storage/trusted-path.ts',
    ],
  },
  { at: 'operator', sees: [...rules, 'connections', 'storage', 'plugin', 'index.ts'] },
  { at: 'operator/commands', sees: [...rules, 'input', 'plugin', 'gateway', 'operator'] },
  { at: 'commands.ts', sees: ['input', 'plugin', 'demo', 'gateway', 'operator/commands'] },
  { at: 'cli.ts', sees: ['input', 'commands.ts'] },
];

/** Packages that one file alone may import, so that their traps are known in one place. */
const alone = ['speakeasy', 'qrcode'];

/** Arrows of {@link rooms} that do not lead down, a sentence each. */
export function arrowsUpward(order: readonly Pick<Room, 'at' | 'sees' | 'seesTypes'>[]): string[] {
  const floorOf = (place: string) => order.findIndex(({ at }) => at === roomOf(order, place)?.at);
  return order.flatMap(({ at, sees, seesTypes = [] }, floor) =>
    [...sees, ...seesTypes]
      .filter((place) => floorOf(place) < 0 || floorOf(place) >= floor)
      .map((place) => `${at} sees ${place}, which is not further down`),
  );
}

/**
 * What is wrong with the imports of one file, a sentence each.
 *
 * @param file its path from `src`, with `/`
 */
export function violationsOf(file: string, text: string): string[] {
  const room = roomOf(rooms, file);
  if (!room) return [`${file} belongs to no room`];
  return importsOf(text).flatMap(({ from, typeOnly }) => {
    const types = typeOnly ? ' (types)' : '';
    if (!from.startsWith('.')) {
      return uses(room, packageOf(from)) ? [] : [`${file} must not import ${from}${types}`];
    }
    const target = posix.join(posix.dirname(file), from).replace(/\.js$/, '.ts');
    return sees(room, target, typeOnly) ? [] : [`${file} must not import ${target}${types}`];
  });
}

/** As {@link violationsOf}, for all files of `src` together: by path, their texts. */
export function violationsOfAll(files: ReadonlyMap<string, string>): string[] {
  const importers = (name: string) =>
    [...files]
      .filter(([, text]) => importsOf(text).some(({ from }) => packageOf(from) === name))
      .map(([file]) => file);
  return [
    ...[...files].flatMap(([file, text]) => violationsOf(file, text)),
    ...alone.flatMap((name) => {
      const found = importers(name);
      return found.length === 1 ? [] : [`${name} is imported by ${found.length} files: ${found.join(', ')}`];
    }),
  ];
}

/** The innermost room around a file or folder. */
function roomOf<R extends Pick<Room, 'at'>>(all: readonly R[], place: string): R | undefined {
  return all
    .filter(({ at }) => place === at || place.startsWith(`${at}/`))
    .sort((one, other) => other.at.length - one.at.length)[0];
}

function sees(room: Room, target: string, typeOnly: boolean): boolean {
  const its = roomOf(rooms, target);
  const places = [room.at, ...room.sees, ...(typeOnly ? (room.seesTypes ?? []) : [])];
  return places.includes(target) || (its !== undefined && places.includes(its.at));
}

function uses(room: Room, name: string): boolean {
  return room.packages ? room.packages.includes(name) : !room.never?.includes(name);
}

function packageOf(from: string): string {
  return from
    .split('/')
    .slice(0, from.startsWith('@') ? 2 : 1)
    .join('/');
}
