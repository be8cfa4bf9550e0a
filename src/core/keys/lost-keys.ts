import type { Log } from '../base/log.js';
import type { KeyRing } from './key-ring.js';
import type { SealedSecrets } from './sealed-secrets.js';

/** Says at start which accounts are closed because the key of their secret is not in the key file. */
export async function reportLostKeys(secrets: SealedSecrets, keys: KeyRing, log: Log): Promise<void> {
  const lost = [...(await secrets.countByKey())].filter(([id]) => !keys.has(id));
  if (lost.length === 0) return;
  const accounts = lost.reduce((sum, [, count]) => sum + count, 0);
  const list = lost.map(([id, count]) => `${printable(id)} (${count})`).join(', ');
  log.error(
    { accounts, keys: lost.map(([id]) => printable(id)) },
    `panel-2fa: ${accounts} account${accounts === 1 ? ' is' : 's are'} closed: the key file does not have the key of ` +
      `their secrets: ${list}. Restore the key file from your backup; the others go on meanwhile`,
  );
}

/** An id comes from the database, where anything may stand. */
function printable(id: string): string {
  return id.replace(/[^0-9a-zA-Z]/g, '?').slice(0, 8);
}
