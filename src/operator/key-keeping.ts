import { setTimeout as pause } from 'node:timers/promises';
import type { AuditAction } from '../core/audit/audit.js';
import { AuditBook } from '../core/audit/audit-book.js';
import { eventByNobody } from '../core/audit/change-by-nobody.js';
import { errorsOnly } from '../core/base/log.js';
import type { KeptKeys } from '../core/keys/key-keeper.js';
import {
  KeyRotation,
  type RotationOptions,
  type RotationResult,
  type RotationStep,
} from '../core/keys/key-rotation.js';
import { ENROLMENT_MS } from '../core/own/open-enrolments.js';
import { ownManifest } from '../plugin/manifest.js';
import { opening } from '../plugin/opening.js';
import { openDatabaseStores } from '../plugin/stores.js';
import { openForReading } from '../storage/data-source.js';
import { readKeyFile } from '../storage/key-file.js';
import { lockKeyFile } from '../storage/key-file-keeper.js';
import { TypeOrmSealedSecrets } from '../storage/sealed-secrets.typeorm.js';

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
export async function keyOverview({ database, keyFile }: KeyPlace): Promise<KeyOverview> {
  const keys = readKeyFile(keyFile);
  const dataSource = await openForReading(database, manifest());
  try {
    return { ...keys, rows: await new TypeOrmSealedSecrets(dataSource).countByKey() };
  } finally {
    await dataSource.destroy();
  }
}

/**
 * Rotates the key while the program runs; of two at once the second is refused. Begin, steps and end are written into the
 * audit log: without the begin nothing is changed.
 */
export async function rotateKeys(
  place: KeyPlace,
  options: RotationOptions,
  told: (step: RotationStep) => void,
): Promise<RotationResult> {
  return opening(async (opened, close) => {
    const keeper = await lockKeyFile(place.keyFile);
    opened(() => keeper.close());
    const { secrets, audit, close: closeStores } = await openDatabaseStores(place, manifest());
    opened(closeStores);
    const book = new AuditBook(audit, errorsOnly);
    const record = (action: AuditAction, reason: string) =>
      book.record(eventByNobody(action, Date.now(), reason));
    await record('keys.rotation-begun', (await keeper.read()).active);
    const rotation = new KeyRotation({
      keeper,
      secrets,
      clock: Date.now,
      pause,
      keepMs: Math.max(keptFor(place), ENROLMENT_MS),
      told: async (step) => {
        told(step);
        if (step.kind !== 'resealed') await record(`keys.${step.kind}`, keysOf(step));
      },
    });
    const result = await rotation.run(options);
    await record('keys.rotation-ended', result.kind);
    await close();
    return result;
  });
}

function keysOf(step: Exclude<RotationStep, { kind: 'resealed' }>): string {
  return step.kind === 'dropped' ? step.ids.join(',') : step.id;
}

/** How long things made with a key are good after it is no longer active; milliseconds. */
export function keptFor({ clearanceHours = defaultHours() }: KeyPlace): number {
  return clearanceHours * 3_600_000;
}

function manifest() {
  return ownManifest();
}

function defaultHours(): number {
  const { properties } = manifest().settings as { properties: { clearanceHours: { default: number } } };
  return properties.clearanceHours.default;
}
