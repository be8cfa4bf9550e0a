import { type Command, Option } from 'commander';
import { keyText } from '../../core/account/account.js';
import { minuteIn } from '../../core/base/zoned-time.js';
import {
  preparedKey,
  type RotationOptions,
  type RotationResult,
  type RotationStep,
} from '../../core/keys/key-rotation.js';
import { command, printJson } from '../../input/command-line.js';
import { type KeyOverview, keptFor, keyOverview, rotateKeys } from '../key-keeping.js';
import { type PlaceOptions, placeOf, withPlace } from './place.js';

/** `keys list` and `keys rotate`. */
export function keysCommand(): Command {
  const list = withPlace(
    command('list', 'The keys and what they seal, never the keys themselves.', 'panel-2fa keys list'),
  )
    .option('--json', 'as one JSON document')
    .action((options: PlaceOptions & { readonly json?: boolean }) => listKeys(options));
  const rotate = withPlace(
    command(
      'rotate',
      `A new key takes the place of the old one, while the program runs. The old key is kept until all that was made with it is
over; a second run drops it then. The next run continues one that was interrupted.`,
      'panel-2fa keys rotate',
    ),
  )
    .option(
      '--now',
      'drop the old key at once: users with 2FA must log in again, users setting it up must start over',
    )
    .addOption(
      new Option(
        '--prepare',
        'only add the new key, so that you can copy the file to other machines before it is used',
      ).conflicts('now'),
    )
    .action((options: PlaceOptions & Partial<RotationOptions>) => rotateNow(options));
  return command('keys', 'The keys that secrets are sealed with.', 'panel-2fa keys list')
    .addCommand(list)
    .addCommand(rotate);
}

async function listKeys(options: PlaceOptions & { readonly json?: boolean }): Promise<void> {
  const place = placeOf(options);
  const states = keyStates(await keyOverview(place), keptFor(place));
  if (options.json) return printJson(states);
  console.log(line('key', 'added', 'rows', 'state'));
  for (const state of states) console.log(keyLine(state));
}

async function rotateNow({
  now = false,
  prepare = false,
  ...options
}: PlaceOptions & Partial<RotationOptions>): Promise<void> {
  const result = await rotateKeys(placeOf(options), { now, prepare }, (step) => console.log(stepText(step)));
  console.log(resultText(result));
}

interface ListedKey {
  readonly id: string;
  /** Milliseconds since 1970; undefined when nobody knows. */
  readonly added: number | undefined;
  /** Factors whose secret it seals. */
  readonly rows: number;
  readonly state: 'active' | 'prepared' | 'old' | 'missing';
  /** An old key: how long what was made with it may be good. Milliseconds since 1970. */
  readonly keptUntil: number | undefined;
}

function keyStates(ring: KeyOverview, keptMs: number): ListedKey[] {
  const prepared = preparedKey(ring);
  const there = [...ring.keys.keys()].map((id): ListedKey => {
    const { added, retired } = ring.times.get(id) ?? {};
    const state = id === ring.active ? 'active' : id === prepared ? 'prepared' : 'old';
    const keptUntil = state === 'old' && retired !== undefined ? retired + keptMs : undefined;
    return { id, added, rows: ring.rows.get(id) ?? 0, state, keptUntil };
  });
  const missing = [...ring.rows]
    .filter(([id]) => !ring.keys.has(id))
    .map(([id, rows]): ListedKey => {
      return {
        id: JSON.stringify(id).slice(1, -1),
        added: undefined,
        rows,
        state: 'missing',
        keptUntil: undefined,
      };
    });
  return [...there, ...missing];
}

function keyLine({ id, added, rows, state, keptUntil }: ListedKey): string {
  const since = state === 'missing' ? '' : added === undefined ? 'unknown' : ageOf(added);
  return line(id, since, String(rows), stateText(state, keptUntil));
}

function stateText(state: ListedKey['state'], keptUntil: number | undefined): string {
  switch (state) {
    case 'active':
      return 'active';
    case 'prepared':
      return 'added, not used yet: "keys rotate" continues';
    case 'old':
      return keptUntil === undefined ? 'old' : `old, kept until ${minuteOf(keptUntil)}`;
    case 'missing':
      return 'missing: these accounts are closed';
  }
}

function line(...cells: string[]): string {
  return cells.map((cell, index) => cell.padEnd([10, 26, 8][index] ?? 0)).join('');
}

function stepText(step: RotationStep): string {
  switch (step.kind) {
    case 'added':
      return `Key ${step.id} was added to the key file.`;
    case 'activated':
      return `Key ${step.id} is used from now on.`;
    case 'resealed':
      return `${step.count} ${step.count === 1 ? 'secret was' : 'secrets were'} sealed with the new key.`;
    case 'dropped':
      return `The old key ${step.ids.join(', ')} was dropped.`;
  }
}

function resultText(result: RotationResult): string {
  switch (result.kind) {
    case 'prepared':
      return `Copy the key file to every machine, then run "keys rotate". Key ${result.active} is used until then.`;
    case 'done':
      return `The rotation is complete: ${result.active} is the only key.`;
    case 'kept':
      return `The old key ${result.ids.join(', ')} is kept until ${minuteOf(result.until)}, for logins and set-ups made with it. To drop it, run "keys rotate" again after that, or now with --now.`;
    case 'unreadable':
      throw new Error(
        `These secrets were changed or moved to another account and cannot be opened: ${result.accounts.map(keyText).join(', ')}. ` +
          'Switch 2FA off for those accounts with "panel-2fa disable", then run "keys rotate" again.',
      );
  }
}

function ageOf(added: number): string {
  const days = Math.floor((Date.now() - added) / 86_400_000);
  return `${minuteOf(added).slice(0, 10)} (${days} ${days === 1 ? 'day' : 'days'})`;
}

function minuteOf(time: number): string {
  return minuteIn(time).replace(/Z$/, ' UTC');
}
