import { posix } from 'node:path';
import { importsOf } from './imports.js';

/** What files of a layer may see. Paths are from `src`; one that ends in `/` is a folder. */
interface Layer {
  readonly files: readonly string[];
  readonly sees: readonly string[];
  /** Seen for their types only. */
  readonly seesTypes?: readonly string[];
  /** Packages and parts of node it may use; without it all but the ones in `never`. */
  readonly packages?: readonly string[];
  readonly never?: readonly string[];
}

const web = ['koa', 'koa-router', 'koa-session', '@koa/bodyparser', 'eta'];
const databases = ['typeorm', 'sqlite3', 'ioredis'];
const wiring = [
  'plugin.ts',
  'settings.ts',
  'stores.ts',
  'manifest.ts',
  'two-factor.ts',
  'index.ts',
  'key-keeping.ts',
  'operation.ts',
  'audit-trail.ts',
  'own-parts.ts',
  'opening.ts',
];

const layers: readonly Layer[] = [
  { files: ['core/'], sees: ['core/'], packages: ['node:crypto', 'node:util', 'speakeasy'] },
  { files: ['storage/'], sees: ['core/', 'storage/'], never: web },
  { files: ['hosts/'], sees: ['core/', 'hosts/'] },
  {
    files: ['http/'],
    sees: ['core/', 'http/', 'manifest.ts'],
    seesTypes: ['hosts/panel-host.ts', 'hosts/slot.ts'],
    never: databases,
  },
  { files: wiring, sees: ['core/', 'storage/', 'http/', 'hosts/', ...wiring] },
  {
    files: ['demo/'],
    sees: [
      'demo/',
      'hosts/',
      'index.ts',
      'manifest.ts',
      'opening.ts',
      'storage/data-folder.ts',
      'storage/quiet-sqlite.ts',
    ],
  },
  {
    files: ['gateway/'],
    sees: [
      'gateway/',
      'hosts/',
      'index.ts',
      'manifest.ts',
      'opening.ts',
      'settings.ts',
      'storage/data-folder.ts',
    ],
  },
  {
    files: ['commands/'],
    sees: [
      'commands/',
      'core/',
      'gateway/',
      'manifest.ts',
      'audit-trail.ts',
      'key-keeping.ts',
      'operation.ts',
      'own-parts.ts',
    ],
  },
  { files: ['cli.ts'], sees: ['commands/', 'demo/', 'gateway/'] },
];

/** Packages that one file alone may import, so that their traps are known in one place. */
const alone = ['speakeasy', 'qrcode'];

/**
 * What is wrong with the imports of one file, a sentence each.
 *
 * @param file its path from `src`, with `/`
 */
export function violationsOf(file: string, text: string): string[] {
  const layer = layers.find(({ files }) => isIn(file, files));
  if (!layer) return [`${file} belongs to no layer`];
  return importsOf(text).flatMap(({ from, typeOnly }) => {
    const wrong = from.startsWith('.')
      ? !sees(layer, posix.join(posix.dirname(file), from).replace(/\.js$/, '.ts'), typeOnly)
      : !uses(layer, packageOf(from));
    return wrong ? [`${file} must not import ${from}${typeOnly ? ' (types)' : ''}`] : [];
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

function sees(layer: Layer, target: string, typeOnly: boolean): boolean {
  return isIn(target, layer.sees) || (typeOnly && isIn(target, layer.seesTypes ?? []));
}

function uses(layer: Layer, name: string): boolean {
  return layer.packages ? layer.packages.includes(name) : !layer.never?.includes(name);
}

function isIn(file: string, places: readonly string[]): boolean {
  return places.some((place) => (place.endsWith('/') ? file.startsWith(place) : file === place));
}

function packageOf(from: string): string {
  return from
    .split('/')
    .slice(0, from.startsWith('@') ? 2 : 1)
    .join('/');
}
