import { parseArgs } from 'node:util';
import { keyText } from '../../core/account/account.js';
import { preparedKey, type RotationResult, type RotationStep } from '../../core/keys/key-rotation.js';
import { type KeyOverview, keptFor, keyOverview, rotateKeys } from '../key-keeping.js';
import { placeOf } from './place.js';

export const KEYS_HELP = `panel-2fa keys list: the keys that secrets are sealed with, never the keys themselves
panel-2fa keys rotate [--now | --prepare]: a new key takes the place of the old one, while the program runs

  --config FILE    the configuration of the gateway
  --data FOLDER    instead: the data of the demo panel
  --now            drop the old key at once: users with 2FA must log in again, users setting it up must start over
  --prepare        only add the new key, so that you can copy the file to other machines before it is used

Without --now the old key is kept until all that was made with it is over; a second run drops it then.
The next run continues one that was interrupted.`;

const OPTIONS = {
  config: { type: 'string' },
  data: { type: 'string' },
  now: { type: 'boolean', default: false },
  prepare: { type: 'boolean', default: false },
} as const;

/** Runs `list` or `rotate`; throws an Error with a clear message. */
export async function keysCommand([verb, ...args]: readonly string[]): Promise<void> {
  if (verb !== 'list' && verb !== 'rotate') throw new Error(KEYS_HELP);
  const { values } = parseArgs({ args, options: OPTIONS });
  const place = placeOf(values);
  if (verb === 'list') {
    for (const line of listed(await keyOverview(place), keptFor(place))) console.log(line);
    return;
  }
  const { now, prepare } = values;
  if (now && prepare) throw new Error('--now and --prepare cannot be combined');
  console.log(resultText(await rotateKeys(place, { now, prepare }, (step) => console.log(stepText(step)))));
}

function listed(ring: KeyOverview, keptMs: number): string[] {
  const prepared = preparedKey(ring);
  const line = (...cells: string[]) =>
    cells.map((cell, index) => cell.padEnd([10, 26, 8][index] ?? 0)).join('');
  const states = [...ring.keys.keys()].map((id) => {
    const { added, retired } = ring.times.get(id) ?? {};
    const rows = String(ring.rows.get(id) ?? 0);
    return line(id, added === undefined ? 'unknown' : ageOf(added), rows, stateOf(id, retired));
  });
  const missing = [...ring.rows]
    .filter(([id]) => !ring.keys.has(id))
    .map(([id, rows]) =>
      line(JSON.stringify(id).slice(1, -1), '', String(rows), 'missing: these accounts are closed'),
    );
  return [line('key', 'added', 'rows', 'state'), ...states, ...missing];

  function stateOf(id: string, retired: number | undefined): string {
    if (id === ring.active) return 'active';
    if (id === prepared) return 'added, not used yet: "keys rotate" continues';
    return retired === undefined ? 'old' : `old, kept until ${minuteOf(retired + keptMs)}`;
  }
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
  return `${new Date(time).toISOString().slice(0, 16).replace('T', ' ')} UTC`;
}
