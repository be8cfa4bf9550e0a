import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { ENROLMENT_MS } from './core/enrolment.js';
import type { KeptKeys } from './core/key-ports.js';
import {
  KeyRotation,
  type RotationOptions,
  type RotationResult,
  type RotationStep,
} from './core/key-rotation.js';
import { MANIFEST_FILE, packageRoot, readManifest } from './manifest.js';
import { openDataSource } from './storage/data-source.js';
import { readKeyFile } from './storage/key-file.js';
import { lockKeyFile } from './storage/key-file-keeper.js';
import { TypeOrmSealedSecrets } from './storage/sealed-secrets.typeorm.js';

/** Where the keys are, and what they have sealed. */
export interface KeyPlace {
  readonly database: string;
  readonly keyFile: string;
  /** How long a clearance is good for. */
  readonly clearanceHours?: number;
}

export interface KeyOverview extends KeptKeys {
  /** Factors by the id of the key of their secret; ids that the file does not have too. */
  readonly rows: ReadonlyMap<string, number>;
}

/** The keys and their rows; never shows more of a key than its id. Rejects when the key file is not there. */
export function keyOverview(place: KeyPlace): Promise<KeyOverview> {
  const keys = readKeyFile(place.keyFile);
  return withSecrets(place, async (secrets) => ({ ...keys, rows: await secrets.countByKey() }));
}

/** Rotates the key while the program runs; of two at once the second is refused. */
export async function rotateKeys(
  place: KeyPlace,
  options: RotationOptions,
  told: (step: RotationStep) => void,
): Promise<RotationResult> {
  const keeper = await lockKeyFile(place.keyFile);
  try {
    return await withSecrets(place, (secrets) => {
      const keepMs = Math.max(keptFor(place), ENROLMENT_MS);
      return new KeyRotation({ keeper, secrets, clock: Date.now, pause, keepMs, told }).run(options);
    });
  } finally {
    await keeper.close();
  }
}

/** How long things made with a key are good after it is not active any more; milliseconds. */
export function keptFor({ clearanceHours = defaultHours() }: KeyPlace): number {
  return clearanceHours * 3_600_000;
}

function manifest() {
  return readManifest(join(packageRoot(), MANIFEST_FILE));
}

function defaultHours(): number {
  const { properties } = manifest().settings as { properties: { clearanceHours: { default: number } } };
  return properties.clearanceHours.default;
}

async function withSecrets<Result>(
  { database }: KeyPlace,
  act: (secrets: TypeOrmSealedSecrets) => Promise<Result>,
): Promise<Result> {
  const dataSource = await openDataSource(database, manifest());
  try {
    return await act(new TypeOrmSealedSecrets(dataSource));
  } finally {
    await dataSource.destroy();
  }
}
